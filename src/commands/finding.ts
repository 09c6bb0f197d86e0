import type { Outcome } from "../model.ts";

/** One line of `check`: the part that was tried, and its result. */
export type Finding = { readonly what: string } & (
  | { readonly good: string }
  | {
      readonly why: string;
      readonly remedy?: string | undefined;
      /** The other side cannot be reached or fails: the configuration may be right. */
      readonly unreachable?: boolean;
    }
);

/** A refusal, as Slack and the collector give it. */
interface Refusal {
  readonly kind: string;
  readonly why?: string;
  readonly remedy?: string;
}

/** The outcome of a request. `doubt` says whether the other side may have failed while it handled the request. */
type RequestOutcome = Outcome<unknown, Refusal> & { readonly doubt?: string };

/** Whether the other side did not answer or failed. There is nothing to correct here then. */
export function isUnreachable(outcome: RequestOutcome): boolean {
  if (outcome.status === "retry") return true;
  return outcome.status === "hold" && outcome.doubt === "failed";
}

/** Turns the outcome of a request into a finding. `good` is the text when the request succeeded. */
export function findingOf(what: string, outcome: RequestOutcome, good: string): Finding {
  switch (outcome.status) {
    case "ok":
      return { what, good };
    case "retry":
      return {
        what,
        why: outcome.why,
        remedy: "see whether the other side runs, and whether the network and its proxies let the request through",
        unreachable: true,
      };
    case "hold":
      return { what, why: outcome.why, remedy: outcome.remedy, unreachable: isUnreachable(outcome) };
    case "refused":
      return {
        what,
        why: outcome.refusal.why ?? "refused",
        remedy: outcome.refusal.remedy ?? "look into the other side's log",
      };
  }
}
