import { setupUrlOf } from "../../../src/config/url.ts";
import { type DemoSlack, type SlackOptions, startSlack } from "../../../src/demo/slack/slack.ts";
import type { Event } from "../../../src/events.ts";
import type { Grant } from "../../../src/model.ts";
import type { Clock } from "../../../src/runtime/clock.ts";
import { createHttp, type Http } from "../../../src/runtime/http.ts";
import { systemRandom } from "../../../src/runtime/random.ts";
import { createRateLimiter } from "../../../src/runtime/rate-limiter.ts";
import { createSlackClient } from "../../../src/slack/api/client.ts";
import type { Authorization } from "../../../src/slack/oauth/authorization.ts";
import { createAuthorization } from "../../../src/slack/oauth/create-authorization.ts";
import type { OAuthApp } from "../../../src/slack/oauth/oauth.ts";

export const REDIRECT_URL = "https://audit.example.com/oauth/callback";

/** An authorization's dependencies: a Slack server, and a clock that the test advances. */
export interface Setting {
  readonly slack: DemoSlack;
  readonly app: OAuthApp;
  readonly http: Http;
  readonly clock: Clock & { advance(ms: number): void };
  readonly events: Event[];
  /** The grants that were saved, in order. */
  readonly saved: Grant[];
  /** The keys of the open setups. */
  readonly keys: Map<string, string>;
  readonly signal: AbortSignal;
  authorization(options?: { stored?: Grant; app?: Partial<OAuthApp>; save?: () => Promise<void> }): Authorization;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startSetting(options: SlackOptions & { redirectUrl?: string } = {}): Promise<Setting> {
  const redirectUrl = options.redirectUrl ?? REDIRECT_URL;
  const slack = await startSlack({ redirectUrls: [redirectUrl], ...options });
  const clock = movableClock();
  const http = createHttp({ clock, timeoutMs: 5_000, maxAnswerBytes: 1 << 20 }, {});
  const events: Event[] = [];
  const report = (event: Event) => void events.push(event);
  const saved: Grant[] = [];
  const keys = new Map<string, string>();
  const app: OAuthApp = {
    slackUrl: slack.url,
    clientId: slack.clientId,
    clientSecret: slack.clientSecret,
    redirectUrl,
    setupUrl: setupUrlOf(redirectUrl, "acme"),
    enterpriseId: "",
  };
  const client = createSlackClient({
    source: "acme",
    auditUrl: slack.auditUrl,
    http,
    clock,
    rateLimiter: createRateLimiter(1_000, clock),
    report,
  });
  return {
    slack,
    app,
    http,
    clock,
    events,
    saved,
    keys,
    signal: new AbortController().signal,
    authorization: ({ stored, app: changed, save } = {}) =>
      createAuthorization({
        source: "acme",
        app: { ...app, ...changed },
        grants: {
          load: () => stored,
          save: save ?? (async (_source, grant) => void saved.push(grant)),
        },
        setupKeys: {
          load: async (source) => keys.get(source),
          save: async (source, key) => void keys.set(source, key),
          remove: async (source) => void keys.delete(source),
        },
        client,
        http,
        clock,
        random: systemRandom,
        report,
      }),
    async [Symbol.asyncDispose]() {
      await http.close();
      await slack.close();
    },
  };
}

/** Answers Slack's consent page, and returns the URL to which Slack redirects the browser. */
export async function consent(authorizeUrl: string, answer: Record<string, string> = {}): Promise<URL> {
  const page = new URL(authorizeUrl);
  const form = new URLSearchParams({ ...Object.fromEntries(page.searchParams), decision: "allow", ...answer });
  const response = await fetch(new URL(page.pathname, page.origin), { method: "POST", body: form, redirect: "manual" });
  return new URL(response.headers.get("location") ?? "about:blank");
}

/** A clock that stands still until the test advances it. Its deadlines never abort. */
export function movableClock(): Clock & { advance(ms: number): void } {
  let ms = Date.UTC(2026, 0, 2, 3, 4, 5);
  return {
    now: () => ms,
    monotonic: () => ms,
    sleep: async (_ms, signal) => signal.throwIfAborted(),
    deadline: () => new AbortController().signal,
    advance: (by) => {
      ms += by;
    },
  };
}
