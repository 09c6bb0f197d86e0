import type { Deliver } from "../../src/model.ts";
import type { Verdict } from "./verdict.ts";

/** Checks that Slack gives at most one page while another one is delivered. */
export interface PageAhead {
  /** Wraps a delivery, to know when it runs. */
  watch(deliver: Deliver): Deliver;
  /** Counts a page that Slack gave. */
  given(): void;
}

export function createPageAhead(verdict: Verdict): PageAhead {
  let isDelivering = false;
  let ahead = 0;
  return {
    watch: (deliver) => async (records, signal) => {
      isDelivering = true;
      ahead = 0;
      await deliver(records, signal);
      isDelivering = false;
    },
    given() {
      if (isDelivering && ++ahead > 1) verdict.fail("at most one page is fetched ahead", `${ahead} pages`);
    },
  };
}
