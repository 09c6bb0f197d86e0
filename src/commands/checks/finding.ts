import type { Outcome } from "../../model.ts";

/** One line of `check`: what was tried, and what came of it. */
export type Finding = { readonly what: string } & (
  | { readonly good: string }
  | {
      readonly why: string;
      readonly remedy?: string | undefined;
      /** Nothing is configured wrongly as far as is known: the other side cannot be reached, or fails. */
      readonly unreachable?: boolean;
    }
);

/** A refusal that says what is wrong. */
interface Refusal {
  readonly kind: string;
  readonly why?: string;
  readonly remedy?: string;
}

/** What came of a request, and whether the other side may have failed in the middle of it. */
type Answered = Outcome<unknown, Refusal> & { readonly doubt?: string };

/** Whether the other side did not answer, or failed: then nothing here needs to be corrected. */
export function isUnreachable(outcome: Answered): boolean {
  if (outcome.status === "retry") return true;
  return outcome.status === "hold" && outcome.doubt === "failed";
}

/** What the outcome of a real request means for the operator. */
export function findingOf(what: string, outcome: Answered, good: string): Finding {
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
