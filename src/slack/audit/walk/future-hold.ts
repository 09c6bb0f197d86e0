import type { Report } from "../../../events.ts";
import type { Seconds } from "../../../model.ts";
import type { Clock } from "../../../runtime/clock.ts";
import type { Position } from "./position.ts";
import { CLOCK_SKEW } from "./slack-time.ts";

/** Reports that a source waits because its position is in Slack's future, and when it continues. */
export interface FutureHold {
  /** Compares a position with Slack's clock, which the answers must agree on. */
  check(position: Position, now: Seconds): void;
}

/** Creates the hold of one source. It ends when Slack's clock reaches the position. */
export function createFutureHold(options: {
  readonly source: string;
  readonly clock: Clock;
  readonly report: Report;
  readonly probeMs: number;
}): FutureHold {
  const { source, clock, report, probeMs } = options;
  let sinceMs: number | undefined;
  return {
    check({ finalThrough }, now) {
      if (finalThrough > now + CLOCK_SKEW) {
        if (sinceMs === undefined) {
          const why = `the position is in the future: ${format(finalThrough)}, while Slack's clock says ${format(now)}`;
          const remedy = `if Slack's clock is wrong, wait; otherwise run: slack-audit-receiver rewind --source ${source} --to TIME`;
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

function format(seconds: Seconds): string {
  return new Date(seconds * 1_000).toISOString();
}
