import type { Grant, Organisation, Outcome } from "../../model.ts";
import type { Http } from "../../runtime/http.ts";
import { type RetryPolicy, retry } from "../../runtime/retry.ts";
import { pastedTokenRemedy } from "../api/errors.ts";
import { fetchOrganisation } from "../api/organisation.ts";

/** The options of `resolvePastedToken`. */
export interface PastedTokenOptions {
  readonly token: string;
  /** The only organisation that is accepted; empty for any. */
  readonly enterpriseId: string;
  readonly slackUrl: string;
  readonly http: Http;
  readonly retryPolicy: Omit<RetryPolicy, "target">;
}

const OPTIONAL_REQUEST_MS = 3_000;

/**
 * Fetches the organisation of a token in the configuration. With `enterpriseId` it waits until Slack has confirmed that organisation.
 * Otherwise the organisation is optional, and it waits at most three seconds. Rejects only when `signal` aborts.
 */
export async function resolvePastedToken(options: PastedTokenOptions, signal: AbortSignal): Promise<Grant> {
  const { token, enterpriseId, slackUrl, http, retryPolicy } = options;
  const { clock, source, report } = retryPolicy;
  const fetchWithin = (limit: AbortSignal) => fetchOrganisation(token, { slackUrl, http, clock }, limit);
  const organisation = enterpriseId
    ? await waitForOrganisation(() => fetchWithin(signal), options, signal)
    : await fetchWithin(AbortSignal.any([signal, clock.deadline(OPTIONAL_REQUEST_MS)])).then(
        organisationOf,
        () => undefined,
      );
  signal.throwIfAborted();
  if (organisation) report({ event: "authorized", source, organisation });
  return { token, ...(organisation && { organisation }) };
}

function organisationOf(outcome: Outcome<Organisation, unknown>): Organisation | undefined {
  return outcome.status === "ok" ? outcome.value : undefined;
}

async function waitForOrganisation(
  fetchOnce: () => ReturnType<typeof fetchOrganisation>,
  { enterpriseId, retryPolicy }: PastedTokenOptions,
  signal: AbortSignal,
): Promise<Organisation | undefined> {
  const result = await retry(
    async (): Promise<Outcome<Organisation>> => {
      const outcome = await fetchOnce();
      if (outcome.status === "refused") {
        const { refusal } = outcome;
        return { status: "hold", why: refusal.why, remedy: pastedTokenRemedy({ code: "", ...refusal }) };
      }
      if (outcome.status !== "ok" || outcome.value.id === enterpriseId) return outcome;
      return {
        status: "hold",
        why: `The token belongs to organisation ${outcome.value.id}, but enterprise_id is ${enterpriseId}`,
        remedy: "correct token or enterprise_id",
      };
    },
    { ...retryPolicy, target: "slack" },
    signal,
  );
  return result.status === "ok" ? result.value : undefined;
}
