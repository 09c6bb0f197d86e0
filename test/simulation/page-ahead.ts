import type { Deliver } from "../../src/model.ts";
import type { Verdict } from "./verdict.ts";

/** Watches that while a page is delivered Slack gives at most one more, however long that takes. */
export interface PageAhead {
  /** The same delivery, watched. */
  watch(deliver: Deliver): Deliver;
  /** Called with each page that Slack gives. */
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
