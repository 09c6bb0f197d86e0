import type { Report } from "../../../events.ts";
import type { Seconds } from "../../../model.ts";
import type { Clock } from "../../../runtime/clock.ts";
import type { Position } from "./position.ts";
import { SLACK_SKEW } from "./present.ts";

/** Says when a source stands still because its position is in Slack's future, and when it goes on. */
export interface FutureHold {
  /** Compares a position with Slack's confirmed time. */
  judge(position: Position, now: Seconds): void;
}

/** Makes the hold of one source. It ends by itself: when that time has come, or when the estimate changes. */
export function createFutureHold(options: {
  readonly source: string;
  readonly clock: Clock;
  readonly report: Report;
  readonly probeMs: number;
}): FutureHold {
  const { source, clock, report, probeMs } = options;
  let sinceMs: number | undefined;
  return {
    judge({ settled }, now) {
      if (settled > now + SLACK_SKEW) {
        if (sinceMs === undefined) {
          const why = `the position is in the future: ${text(settled)}, while Slack's clock says ${text(now)}`;
          const remedy = `wait where Slack's clock is wrong, else run: slack-audit-receiver rewind --source ${source} --to TIME`;
          report({ event: "held", source, target: "slack", why, remedy, probe_ms: probeMs });
        }
        sinceMs ??= clock.monotonic();
      } else if (sinceMs !== undefined) {
        report({ event: "resumed", source, target: "slack", after_ms: Math.round(clock.monotonic() - sinceMs) });
        sinceMs = undefined;
      }
    },
  };
}

function text(seconds: Seconds): string {
  return new Date(seconds * 1_000).toISOString();
}
