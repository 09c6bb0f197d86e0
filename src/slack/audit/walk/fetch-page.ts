import type { Grant, Organisation, Outcome, Resource, Seconds } from "../../../model.ts";
import { type RetryPolicy, type RetryResult, retry } from "../../../runtime/retry.ts";
import type { LogsQuery, SlackClient, TokenRefusal } from "../../api/client.ts";
import type { TimeSample } from "../../api/server-clock.ts";
import { type EntriesPage, readPage } from "../decode/page.ts";
import type { OpenPage } from "../decode/reader.ts";

/** A page that was fetched and read. */
export interface FetchedPage extends EntriesPage {
  /** The organisation of the token that fetched it. */
  readonly organisation?: Organisation;
  /** The answer's `Date`. */
  readonly date?: Seconds;
  /** Frees the page's buffers; its records must not be read afterwards. */
  readonly release: () => void;
}

/** Why a page cannot be fetched: Slack refuses the cursor, the window is in Slack's future, or the page is too large. */
export interface PageRefusal {
  readonly kind: "cursor" | "future" | "size";
  readonly why: string;
}

/** The result of fetching a page. */
export type FetchResult = RetryResult<FetchedPage, PageRefusal>;

/**
 * Fetches a page, and retries until there is a result. `owner` is the organisation of the position, undefined while it has none.
 * Rejects only when `signal` aborts.
 */
export type FetchPage = (query: LogsQuery, owner: string | undefined, signal: AbortSignal) => Promise<FetchResult>;

/** Gives the token to read with, and is told whether Slack accepts it. */
export interface TokenAccess {
  /** Waits until there is a grant; rejects only when `signal` aborts. */
  grant(signal: AbortSignal): Promise<Grant>;
  /** Slack refused `token`. */
  reopen(why: string, token: string): void;
  /** Slack accepted `token`. */
  confirm(token: string): void;
  /** Aborts when the next grant arrives. */
  granted(): AbortSignal;
}

/** The options of `createFetchPage`. */
export interface FetchPageOptions {
  readonly client: SlackClient;
  readonly authorization: TokenAccess;
  readonly retryPolicy: Omit<RetryPolicy, "target" | "wake">;
  readonly openPage: OpenPage;
  readonly resourceOf: (organisation: Organisation | undefined) => Resource;
  /** The remedy where Slack refuses a token that cannot be authorized again. By default it is the refusal's own. */
  readonly tokenRemedy?: ((refusal: TokenRefusal) => string) | undefined;
  /** Called with the `Date` of each answer that is a page. */
  readonly observeDate: (sample: TimeSample) => void;
}

/** Creates the function that fetches pages with the current grant. It holds where a person must act. */
export function createFetchPage(options: FetchPageOptions): FetchPage {
  const { client, authorization, observeDate } = options;
  const { clock } = options.retryPolicy;
  const retryPolicy: RetryPolicy = { ...options.retryPolicy, target: "slack", wake: () => authorization.granted() };
  return (query, owner, signal) =>
    retry<FetchedPage, PageRefusal>(
      async () => {
        const { token, organisation } = await authorization.grant(signal);
        if (owner !== undefined && organisation !== undefined && organisation.id !== owner) {
          return {
            status: "hold",
            why: `The stored position belongs to organisation ${owner}, the grant to ${organisation.id}`,
            remedy: "give the other organisation its own source name, or authorize the first organisation again",
          };
        }
        const outcome = await client.logs(query, token, signal);
        if (outcome.status === "ok") {
          const { body, date, tookMs } = outcome.value;
          const arrivedAtMs = clock.monotonic();
          const page = await readBody(body, organisation, signal);
          // A proxy's page proves neither the token nor the time.
          if (page.status !== "ok") return page;
          authorization.confirm(token);
          if (date === undefined) return page;
          observeDate({ date, tookMs: (tookMs ?? 0) + clock.monotonic() - arrivedAtMs });
          return { ...page, value: { ...page.value, date } };
        }
        if (outcome.status !== "refused") return outcome;
        const { refusal } = outcome;
        if (refusal.kind !== "token") return { status: "refused", refusal };
        authorization.reopen(refusal.why, token);
        return { status: "hold", why: refusal.why, remedy: options.tokenRemedy?.(refusal) ?? refusal.remedy };
      },
      retryPolicy,
      signal,
    );

  async function readBody(
    body: Buffer,
    organisation: Organisation | undefined,
    signal: AbortSignal,
  ): Promise<Outcome<FetchedPage>> {
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
