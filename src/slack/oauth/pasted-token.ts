import type { Grant, Organisation, Outcome } from "../../model.ts";
import type { Http } from "../../runtime/http.ts";
import { type RetryPolicy, retry } from "../../runtime/retry.ts";
import { pastedTokenRemedy } from "../api/errors.ts";
import { fetchOrganisation } from "../api/organisation.ts";

/** The token, and whom to ask about it. */
export interface PastedTokenOptions {
  readonly token: string;
  /** The only organisation accepted; empty for any. */
  readonly enterpriseId: string;
  readonly slackUrl: string;
  readonly http: Http;
  readonly retryPolicy: Omit<RetryPolicy, "target">;
}

const LONGEST_QUESTION_MS = 3_000;

/**
 * Learns whose a token from the configuration is. Where an organisation is demanded this waits until Slack has confirmed it;
 * otherwise the answer is only worth an attribute, and collection does not wait for it long.
 */
export async function resolvePastedToken(options: PastedTokenOptions, signal: AbortSignal): Promise<Grant> {
  const { token, enterpriseId, retryPolicy } = options;
  const { clock, source, report } = retryPolicy;
  const ask = (limit: AbortSignal) => fetchOrganisation(token, { ...options, clock }, limit);
  const organisation = enterpriseId
    ? await confirmed(() => ask(signal), options, signal)
    : await ask(AbortSignal.any([signal, clock.deadline(LONGEST_QUESTION_MS)])).then(ifKnown, () => undefined);
  signal.throwIfAborted();
  if (organisation) report({ event: "authorized", source, organisation });
  return { token, ...(organisation && { organisation }) };
}

function ifKnown(outcome: Outcome<Organisation, unknown>): Organisation | undefined {
  return outcome.status === "ok" ? outcome.value : undefined;
}

async function confirmed(
  ask: () => ReturnType<typeof fetchOrganisation>,
  { enterpriseId, retryPolicy }: PastedTokenOptions,
  signal: AbortSignal,
): Promise<Organisation | undefined> {
  const settled = await retry(
    async (): Promise<Outcome<Organisation>> => {
      const outcome = await ask();
      if (outcome.status === "refused") {
        const { refusal } = outcome;
        return { status: "hold", why: refusal.why, remedy: pastedTokenRemedy({ code: "", ...refusal }) };
      }
      if (outcome.status !== "ok" || outcome.value.id === enterpriseId) return outcome;
      return {
        status: "hold",
        why: `The token belongs to organisation ${outcome.value.id}, and enterprise_id is ${enterpriseId}`,
        remedy: "correct token or enterprise_id",
      };
    },
    { ...retryPolicy, target: "slack" },
    signal,
  );
  return settled.status === "ok" ? settled.value : undefined;
}
