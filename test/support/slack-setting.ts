import { type DemoSlack, type SlackOptions, startSlack } from "../../src/demo/slack/slack.ts";
import type { Event } from "../../src/events.ts";
import { createHttp } from "../../src/runtime/http.ts";
import { createRateLimiter } from "../../src/runtime/rate-limiter.ts";
import { createSlackClient, type SlackClient } from "../../src/slack/api/client.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";

/** A Slack server with the time of a manual clock, and a client of it. */
export interface SlackSetting extends AsyncDisposable {
  readonly slack: DemoSlack;
  readonly clock: ManualClock;
  readonly client: SlackClient;
  readonly events: Event[];
}

/** Starts both. By default the number of requests per minute is unlimited. */
export async function startSlackSetting(options: SlackOptions = {}): Promise<SlackSetting> {
  const clock = createManualClock();
  const slack = await startSlack({ now: () => clock.now(), callsPerMinute: Number.POSITIVE_INFINITY, ...options });
  const http = createHttp({ clock, timeoutMs: 30_000, maxAnswerBytes: 64 << 20 }, {});
  const events: Event[] = [];
  const client = createSlackClient({
    source: "acme",
    auditUrl: slack.auditUrl,
    http,
    clock,
    rateLimiter: createRateLimiter(Number.POSITIVE_INFINITY, clock),
    report: (event) => void events.push(event),
  });
  return {
    slack,
    clock,
    client,
    events,
    async [Symbol.asyncDispose]() {
      await http.close();
      await slack.close();
    },
  };
}
