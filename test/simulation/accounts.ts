import type { Event } from "../../src/events.ts";
import type { Seconds } from "../../src/model.ts";
import type { Verdict } from "./verdict.ts";

/** Counts of what the events of one source said, over all processes of a schedule. */
export interface Accounts {
  readonly delivered: number;
  readonly setAside: number;
  /** Whether a window was restarted: no event counts the pages that it had read. */
  readonly brokenOff: boolean;
  /** The end of the last window that reached Slack's present. */
  readonly caughtUpTo: Seconds;
  report(event: Event): void;
}

export interface AccountsOptions {
  readonly verdict: Verdict;
  /** Whether the collector has acknowledged a record, to this process or an earlier one. */
  readonly isKnown: () => boolean;
}

export function createAccounts({ verdict, isKnown }: AccountsOptions): Accounts {
  let delivered = 0;
  let setAside = 0;
  let brokenOff = false;
  let caughtUpTo = 0;
  return {
    get delivered() {
      return delivered;
    },
    get setAside() {
      return setAside;
    },
    get brokenOff() {
      return brokenOff;
    },
    get caughtUpTo() {
      return caughtUpTo;
    },
    report(event) {
      if (event.event === "window_delivered") {
        delivered += event.delivered;
        if (!event.catching_up) caughtUpTo = event.to;
        const { read, delivered: sent, seen, filtered, from, to } = event;
        if (read !== sent + seen + filtered) {
          verdict.fail("what is read is accounted for", `${from}..${to}: ${read} read, ${sent}, ${seen}, ${filtered}`);
        }
      } else if (event.event === "records_set_aside") {
        setAside += event.records;
        if (!isKnown()) verdict.fail("nothing is set aside at first contact", event.why);
      }
      if (event.event === "window_restarted") brokenOff = true;
    },
  };
}
