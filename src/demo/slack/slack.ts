import type { ServerResponse } from "node:http";
import type { Organisation } from "../../model.ts";
import { type Clock, systemClock } from "../../runtime/clock.ts";
import { type Random, systemRandom } from "../../runtime/random.ts";
import type { TextAnswer } from "../http/answer.ts";
import { type Listener, listen } from "../http/listener.ts";
import { transmit } from "../http/transmit.ts";
import { answerAudit } from "./audit-api.ts";
import { createEntryStore, type EntryStore } from "./entry-store.ts";
import { type Fault, shapeAnswer, transmissionOf } from "./faults.ts";
import { answerOAuthAccess } from "./oauth-access.ts";
import { createAuthorizationCodes, type OAuthApp } from "./oauth-app.ts";
import { answerAuthorize } from "./oauth-authorize.ts";
import { DEMO_ORGANISATION } from "./people.ts";
import { createRateLimit } from "./rate-limit.ts";
import { type ParsedRequest, parseRequest, type SlackRequest } from "./request.ts";
import { createTokens, type TokenGrant } from "./tokens.ts";
import { answerWebApi } from "./web-api.ts";

/** Options of `startSlack`. */
export interface SlackOptions {
  /** By default a free port. */
  readonly port?: number;
  /** Slack's time in milliseconds; by default the time of `clock`. */
  readonly now?: () => number;
  /** Times the delays of faults. */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly organisation?: Required<Organisation>;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly redirectUrls?: readonly string[];
  readonly tokenRotation?: boolean;
  /** By default 50, Slack's limit. */
  readonly callsPerMinute?: number;
  /** Whether responses have a `Date` header; by default true. */
  readonly date?: boolean;
}

/** Called for each request, in order of arrival, before the response. `index` counts from 0. */
export type SlackIntercept = (
  request: SlackRequest & { readonly index: number },
) => Fault | undefined | Promise<Fault | undefined>;

/** A running Slack organisation. */
export interface DemoSlack extends Pick<EntryStore, "add">, Omit<Listener, "origin"> {
  /** The value for `slack_url`. */
  readonly url: string;
  readonly auditUrl: string;
  /** An owner's token for the whole organisation. */
  readonly token: string;
  readonly organisation: Required<Organisation>;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The app's registered redirect URLs. Tests may add to them at any time. */
  readonly redirectUrls: string[];
  /** All requests so far, with and without faults. */
  readonly requests: readonly SlackRequest[];
  intercept: SlackIntercept | undefined;
  addMany(entries: Iterable<Parameters<EntryStore["add"]>[0]>, options?: Parameters<EntryStore["add"]>[1]): void;
  grantToken(grant?: TokenGrant): string;
  revoke(token: string): void;
}

/** Starts a server that answers like Slack: Audit Logs API, OAuth, `auth.test` and `auth.revoke`. */
export async function startSlack(options: SlackOptions = {}): Promise<DemoSlack> {
  const { clock = systemClock, random = systemRandom, organisation = DEMO_ORGANISATION, date = true } = options;
  const now = options.now ?? (() => clock.now());
  const app: OAuthApp = {
    clientId: options.clientId ?? "1100000000001.1100000000002",
    clientSecret: options.clientSecret ?? random.bytes(16).toString("hex"),
    redirectUrls: [...(options.redirectUrls ?? [])],
    tokenRotation: options.tokenRotation ?? false,
  };
  const store = createEntryStore();
  const tokens = createTokens(random);
  const codes = createAuthorizationCodes(random, now);
  const rateLimit = createRateLimit(options.callsPerMinute ?? 50);
  const requests: SlackRequest[] = [];

  const answer = (request: ParsedRequest): TextAnswer => {
    if (request.path.startsWith("/audit/")) return answerAudit(request, { store, tokens, rateLimit, now });
    if (request.path === "/oauth/v2/authorize") return answerAuthorize(request, { app, codes, organisation });
    if (request.path === "/api/oauth.v2.access") {
      return answerOAuthAccess(request, { app, codes, tokens, organisation, random, now });
    }
    if (request.path.startsWith("/api/")) return answerWebApi(request, { organisation, tokens, now });
    return { status: 404, headers: { "content-type": "text/plain" }, body: "Not found" };
  };

  const listener = await listen(
    async (incoming, response: ServerResponse) => {
      const request = await parseRequest(incoming);
      const received: SlackRequest = {
        method: request.method,
        path: request.path,
        query: Object.fromEntries(request.query),
        at: now(),
        authorization: request.authorization !== undefined,
      };
      const index = requests.push(received) - 1;
      const fault = await slack.intercept?.({ ...received, index });
      const headers: Record<string, string> = date ? { date: new Date(now()).toUTCString() } : {};
      // Node's own `Date` header would show this machine's time.
      response.sendDate = false;
      const acceptEncoding = incoming.headers["accept-encoding"]?.toString();
      const shaped = await shapeAnswer(() => answer(request), { fault, headers, acceptEncoding });
      await transmit(response, shaped, { fault: transmissionOf(fault), clock });
    },
    { port: options.port ?? 0 },
  );

  const { origin: url, ...controls } = listener;
  const slack: DemoSlack = {
    url,
    auditUrl: `${url}/audit/v1`,
    token: tokens.grant({}),
    organisation,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    redirectUrls: app.redirectUrls,
    requests,
    intercept: undefined,
    add: store.add,
    addMany: (entries, addOptions) => {
      for (const entry of entries) store.add(entry, addOptions);
    },
    grantToken: (grant = {}) => tokens.grant(grant),
    revoke: tokens.revoke,
    ...controls,
  };
  return slack;
}
