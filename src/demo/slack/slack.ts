import type { ServerResponse } from "node:http";
import type { Organisation } from "../../model.ts";
import { type Clock, systemClock } from "../../runtime/clock.ts";
import { type Random, systemRandom } from "../../runtime/random.ts";
import type { TextAnswer } from "../http/answer.ts";
import { type Listener, listen } from "../http/listener.ts";
import { transmit } from "../http/transmit.ts";
import { answerAudit } from "./audit-api.ts";
import { type Call, readCall, type SlackRequest } from "./call.ts";
import { createEntryStore, type EntryStore } from "./entry-store.ts";
import { type Fault, shapeAnswer, transmissionOf } from "./faults.ts";
import { answerOAuthAccess } from "./oauth-access.ts";
import { createCodes, type OAuthApp } from "./oauth-app.ts";
import { answerAuthorize } from "./oauth-authorize.ts";
import { DEMO_ORGANISATION } from "./people.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createTokens, type TokenGrant } from "./tokens.ts";
import { answerWebApi } from "./web-api.ts";

/** How an organisation differs from the demonstration's. */
export interface SlackOptions {
  /** By default whichever is free. */
  readonly port?: number;
  /** Slack's own time, in milliseconds; by default that of `clock`. */
  readonly now?: () => number;
  /** What the faults wait with. */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly organisation?: Required<Organisation>;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly redirectUrls?: readonly string[];
  readonly tokenRotation?: boolean;
  /** By default Slack's 50. */
  readonly callsPerMinute?: number;
  /** Whether answers carry a `Date` header, as they do by default. */
  readonly date?: boolean;
}

/** Asked before each request is answered, in the order of their arrival; `index` counts from 0. */
export type SlackIntercept = (
  request: SlackRequest & { readonly index: number },
) => Fault | undefined | Promise<Fault | undefined>;

/** A running Slack organisation. */
export interface DemoSlack extends Pick<EntryStore, "add">, Pick<Listener, "pause" | "resume" | "close"> {
  /** For `slack_url`. */
  readonly url: string;
  readonly auditUrl: string;
  /** An owner's organisation-wide token. */
  readonly token: string;
  readonly organisation: Required<Organisation>;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The app's registered redirect URLs; add to them at any time. */
  readonly redirectUrls: string[];
  /** Every request so far, those that a fault hit included. */
  readonly requests: readonly SlackRequest[];
  intercept: SlackIntercept | undefined;
  addMany(entries: Iterable<Parameters<EntryStore["add"]>[0]>, options?: Parameters<EntryStore["add"]>[1]): void;
  grantToken(grant?: TokenGrant): string;
  revoke(token: string): void;
}

/** Starts an organisation that answers like Slack: audit logs, OAuth, and the token methods. */
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
  const codes = createCodes(random, now);
  const rateLimit = createRateLimit(options.callsPerMinute ?? 50);
  const requests: SlackRequest[] = [];

  const answer = (call: Call): TextAnswer => {
    if (call.path.startsWith("/audit/")) return answerAudit(call, { store, tokens, rateLimit, now });
    if (call.path === "/oauth/v2/authorize") return answerAuthorize(call, { app, codes, organisation });
    if (call.path === "/api/oauth.v2.access") {
      return answerOAuthAccess(call, { app, codes, tokens, organisation, random, now });
    }
    if (call.path.startsWith("/api/")) return answerWebApi(call, { organisation, tokens, now });
    return { status: 404, headers: { "content-type": "text/plain" }, body: "There is nothing here" };
  };

  const listener = await listen(
    async (incoming, response: ServerResponse) => {
      const call = await readCall(incoming);
      const request: SlackRequest = {
        method: call.method,
        path: call.path,
        query: Object.fromEntries(call.query),
        at: now(),
        authorization: call.authorization !== undefined,
      };
      const index = requests.push(request) - 1;
      const fault = await slack.intercept?.({ ...request, index });
      const headers: Record<string, string> = date ? { date: new Date(now()).toUTCString() } : {};
      // The only date is ours: Node would put this machine's.
      response.sendDate = false;
      const acceptEncoding = incoming.headers["accept-encoding"]?.toString();
      const shaped = await shapeAnswer(() => answer(call), { fault, headers, acceptEncoding });
      await transmit(response, shaped, { fault: transmissionOf(fault), clock });
    },
    { port: options.port ?? 0 },
  );

  const slack: DemoSlack = {
    url: listener.origin,
    auditUrl: `${listener.origin}/audit/v1`,
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
    pause: listener.pause,
    resume: listener.resume,
    close: listener.close,
  };
  return slack;
}
