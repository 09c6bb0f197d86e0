import type { Observation } from "./observation.ts";
import type { Expectation } from "./row.ts";

/** Lists the expectations that do not hold, or do not hold yet. */
export function unmetExpectations(seen: Observation, expect: Expectation): string[] {
  const { delivered, state, reason, exit, prints } = expect;
  const wrong: string[] = [];
  if (delivered === "all" && seen.delivered < seen.entries)
    wrong.push(`${seen.entries - seen.delivered} not delivered`);
  if (delivered === "kept" && seen.missing > 0) wrong.push(`${seen.missing} missing`);
  if (state && !(seen.state && state.includes(seen.state)))
    wrong.push(`state ${seen.state}, not ${state.join(" or ")}`);
  if (reason && !seen.reasons.some((text) => reason.test(text))) wrong.push(`no reason like ${reason}`);
  if (exit !== undefined && seen.exit !== exit) wrong.push(`exit code ${seen.exit ?? "none"}, not ${exit}`);
  if (prints && !prints.test(seen.printed)) wrong.push(`prints nothing like ${prints}`);
  return wrong;
}

/** Lists violations of what must hold at every moment. */
export function violations(seen: Observation, expect: Expectation): string[] {
  const { copies = 1, setAside = 0, delivered, exit } = expect;
  const wrong: string[] = [];
  if (seen.copies > copies) wrong.push(`${seen.copies} copies of a record`);
  if (setAside !== "any" && seen.setAside > setAside) wrong.push(`${seen.setAside} set aside`);
  if (delivered === "none" && seen.delivered > 0) wrong.push(`${seen.delivered} delivered`);
  if (seen.claimed > seen.delivered + seen.setAside) wrong.push(`counts ${seen.claimed} as delivered`);
  if (exit === undefined && seen.exit !== undefined) wrong.push(`ended with ${seen.exit}`);
  if (/^\s+at |Internal error/m.test(seen.printed)) wrong.push("a stack trace");
  if (seen.reasons.some((reason) => /\p{Cc}/u.test(reason))) wrong.push("a reason of several lines");
  return wrong;
}
