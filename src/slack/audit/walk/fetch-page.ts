import type { Organisation, Outcome, Resource, Seconds } from "../../../model.ts";
import { type RetryPolicy, type RetryResult, retry } from "../../../runtime/retry.ts";
import type { LogsQuery, SlackClient, TokenRefusal } from "../../api/client.ts";
import type { TimeSample } from "../../api/server-clock.ts";
import type { Authorization } from "../../oauth/authorization.ts";
import { type EntriesPage, readPage } from "../decode/page.ts";
import type { OpenPage } from "../decode/reader.ts";

/** A page, and whose it is. */
export interface FetchedPage extends EntriesPage {
  readonly organisation?: Organisation;
  /** The answer's `Date`. */
  readonly date?: Seconds;
  /** Says that its records are not needed any more, so that their memory is used again. */
  readonly release: () => void;
}

/** Why there is no page: the cursor is refused, the window reaches into Slack's future, or the page is too large to read. */
export interface PageRefusal {
  readonly kind: "cursor" | "future" | "size";
  readonly why: string;
}

/** What came of asking. */
export type FetchResult = RetryResult<FetchedPage, PageRefusal>;

/**
 * Asks for a page until there is one, or until the same query can never bring one. `owner` is the organisation that the
 * position belongs to, once it is known.
 */
export type FetchPage = (query: LogsQuery, owner: string | undefined, signal: AbortSignal) => Promise<FetchResult>;

/** What asking takes. */
export interface FetchPageOptions {
  readonly client: SlackClient;
  readonly authorization: Pick<Authorization, "grant" | "reopen" | "confirm" | "granted">;
  readonly retryPolicy: Omit<RetryPolicy, "target" | "wake">;
  readonly openPage: OpenPage;
  readonly resourceOf: (organisation: Organisation | undefined) => Resource;
  /** What to do where Slack refuses a token that cannot be authorized again; undefined for one that can. */
  readonly tokenRemedy?: ((refusal: TokenRefusal) => string) | undefined;
  /** Told Slack's time with each answer that carries it. */
  readonly observeTime: (sample: TimeSample) => void;
}

/** Makes the function that asks: with the grant of the moment, for as long as it takes, holding where a person must act. */
export function createFetchPage(options: FetchPageOptions): FetchPage {
  const { client, authorization, retryPolicy, observeTime } = options;
  const slackPatience: RetryPolicy = { ...retryPolicy, target: "slack", wake: () => authorization.granted() };
  return (query, owner, signal) =>
    retry<FetchedPage, PageRefusal>(
      async () => {
        const { token, organisation } = await authorization.grant(signal);
        if (owner !== undefined && organisation !== undefined && organisation.id !== owner) {
          return {
            status: "hold",
            why: `The stored position is that of organisation ${owner}, the grant that of ${organisation.id}`,
            remedy: "give the other organisation a source name of its own, or authorize the first one again",
          };
        }
        const outcome = await client.logs(query, token, signal);
        if (outcome.status === "ok") {
          const { body, date, tookMs } = outcome.value;
          const arrivedAtMs = retryPolicy.clock.monotonic();
          const answer = await readAnswer(body, organisation, signal);
          // Some proxy's page proves neither the token nor the time.
          if (answer.status !== "ok") return answer;
          authorization.confirm(token);
          if (date === undefined) return answer;
          observeTime({ date, tookMs: (tookMs ?? 0) + retryPolicy.clock.monotonic() - arrivedAtMs });
          return { ...answer, value: { ...answer.value, date } };
        }
        if (outcome.status !== "refused") return outcome;
        const { refusal } = outcome;
        if (refusal.kind !== "token") return { status: "refused", refusal };
        authorization.reopen(refusal.why, token);
        return { status: "hold", why: refusal.why, remedy: options.tokenRemedy?.(refusal) ?? refusal.remedy };
      },
      slackPatience,
      signal,
    );

  async function readAnswer(
    body: Buffer,
    organisation: Organisation | undefined,
    signal: AbortSignal,
  ): Promise<Outcome<FetchedPage>> {
    const { clock } = retryPolicy;
    const opened = options.openPage(body, { resource: options.resourceOf(organisation), arrivedAtMs: clock.now() });
    const page = await readPage(opened, () => clock.sleep(0, signal));
    const release = () => {
      opened.release();
      client.release(body);
    };
    if (page.status === "ok")
      return { ...page, value: { ...page.value, ...(organisation && { organisation }), release } };
    release();
    return page;
  }
}
