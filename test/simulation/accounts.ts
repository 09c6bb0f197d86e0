import type { Event } from "../../src/runtime/events.ts";
import type { Verdict } from "./verdict.ts";

/** What the events said, added up over all processes of a schedule. */
export interface Accounts {
  readonly delivered: number;
  readonly setAside: number;
  /** Whether a walk was broken off whose pages no event counts. */
  readonly brokenOff: boolean;
  /** Whether the last window ended before Slack's present. */
  readonly isCatchingUp: boolean;
  report(event: Event): void;
}

export function createAccounts(verdict: Verdict): Accounts {
  let delivered = 0;
  let setAside = 0;
  let brokenOff = false;
  let isCatchingUp = true;
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
    get isCatchingUp() {
      return isCatchingUp;
    },
    report(event) {
      if (event.event === "window_delivered") {
        delivered += event.delivered;
        isCatchingUp = event.catching_up;
        const { read, delivered: sent, seen, filtered, from, to } = event;
        if (read !== sent + seen + filtered) {
          verdict.fail("what is read is accounted for", `${from}..${to}: ${read} read, ${sent}, ${seen}, ${filtered}`);
        }
      } else if (event.event === "records_set_aside") setAside += event.records;
      else if (event.event === "cursor_refused") brokenOff = true;
    },
  };
}
