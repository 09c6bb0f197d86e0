import type { Mutant } from "./mutant.ts";

const WALK = "src/slack/audit/walk.ts";
const WINDOW = "src/slack/audit/window.ts";
const PAGE = "src/slack/audit/page.ts";
const ANSWER = "const { entries, nextCursor, organisation, release }: Answer = answer.value;";
const MORE = "const { entries, organisation, release }: Answer = answer.value; const nextCursor =";
const AHEAD = "asking = nextCursor === undefined ? undefined : ask(nextCursor);";

/** Which windows are read, how they end, and what of them is taken for known. */
export const WALK_MUTANTS: readonly Mutant[] = [
  {
    name: "oldest is through + 1, no lookback",
    file: WINDOW,
    find: "const from = Math.max(position.settled + 1, position.through - limits.lookback);",
    replace: "const from = position.through + 1;",
  },
  {
    name: "settled a second too early",
    file: WINDOW,
    find: "window.chosenAt - walk.lookback - 1",
    replace: "window.chosenAt - walk.lookback",
  },
  {
    name: "settled with half of the lookback",
    file: WINDOW,
    find: "window.chosenAt - walk.lookback - 1",
    replace: "window.chosenAt - Math.floor(walk.lookback / 2)",
  },
  {
    name: "seen pruned at through",
    file: WINDOW,
    find: "const kept = forget(position.seen, settled);",
    replace: "const kept = forget(position.seen, window.to);",
  },
  {
    name: "window ends in the future",
    file: WINDOW,
    find: "Math.min(now, reach)",
    replace: "Math.min(now + 1, reach)",
  },
  {
    name: "local wall clock for the window's end",
    file: "src/slack/time.ts",
    find: "last && last.date + Math.floor((clock.monotonic() - last.at) / 1_000)",
    replace: "last && Math.floor(clock.now() / 1_000)",
  },
  {
    name: "a short page ends the window",
    file: WALK,
    find: ANSWER,
    replace: `${MORE} entries.length < options.pageSize ? undefined : answer.value.nextCursor;`,
  },
  {
    name: "an empty page ends the window",
    file: WALK,
    find: ANSWER,
    replace: `${MORE} entries.length === 0 ? undefined : answer.value.nextCursor;`,
  },
  {
    name: "a known id ends the window",
    file: WALK,
    find: "const fresh = choose(entries.toReversed());",
    replace:
      "const { seen } = tally; const fresh = choose(entries.toReversed()); if (tally.seen > seen) asking = undefined;",
  },
  {
    name: "a refused cursor ends the window",
    file: WALK,
    find: "return restart(answer.refusal);",
    replace: "return finish(position);",
  },
  {
    name: "a repeated cursor ends the window",
    file: WALK,
    find: 'return restart("Slack repeated a cursor");',
    replace: "return finish(position);",
  },
  {
    name: "an error ends the window",
    file: "src/slack/audit/ask.ts",
    find: 'if (outcome.status !== "refused") return outcome;',
    replace: `if (outcome.status !== "refused") return { status: "ok", value: { entries: [], release() {} } };`,
  },
  {
    name: "a cut page is an empty one",
    file: PAGE,
    find: 'return { status: "retry", why: "Slack\'s answer is not complete JSON" };',
    replace: 'return { status: "ok", value: { entries: [] } };',
  },
  {
    name: "a page without entries is an empty one",
    file: PAGE,
    find: 'return { status: "retry", why: "Slack\'s answer does not have one list of entries" };',
    replace: 'return { status: "ok", value: { entries: [] } };',
  },
  {
    name: "through advances on the first page",
    file: WALK,
    find: "if (!asking) position = finish(position);",
    replace: "position = finish(position);",
  },
  {
    name: "bounds not repeated on cursor pages",
    file: WALK,
    find: "{ oldest: window.from, latest: window.to, limit",
    replace: "{ ...(cursor ? {} : { oldest: window.from, latest: window.to }), limit",
  },
  {
    name: "an entry without a date is skipped",
    file: WALK,
    find: "return date === undefined || (date",
    replace: "return date !== undefined && (date",
  },
  {
    name: "the budget is ignored",
    file: "src/slack/budget.ts",
    find: "if (oldest === undefined || spent.length < requestsPerMinute) break;",
    replace: "if (oldest !== now) break;",
  },
  {
    name: "polls without a pause",
    file: "src/slack/audit/source.ts",
    find: "await clock.sleep(options.pollIntervalMs - (clock.monotonic() - startedMs), signal);",
    replace: "await clock.sleep(0 * startedMs, signal);",
  },
  {
    name: "an unknown time is 1970",
    file: "src/slack/audit/source.ts",
    find: "return slackTime.now() ?? newest ?? position?.through;",
    replace: "return slackTime.now() ?? newest ?? position?.through ?? 0;",
  },
  {
    name: "what is behind the first slice of a page is skipped",
    file: PAGE,
    find: "entries.push(entry);",
    replace: "if (entries.length < SLICE) entries.push(entry);",
  },
  {
    name: "a second page is fetched ahead",
    file: WALK,
    find: AHEAD,
    replace: `${AHEAD} asking?.then((next) => next.status === "ok" && next.value.nextCursor && ask(next.value.nextCursor)).catch(() => {});`,
  },
  {
    name: "a page is released before it is delivered",
    file: WALK,
    find: "if (fresh.length > 0 || !asking)\n",
    replace: "release();\n      if (fresh.length > 0 || !asking)\n",
  },
  {
    name: "the records of the page ahead are written over those that are being delivered",
    file: "src/slack/audit/ask.ts",
    find: 'if (page.status === "ok")',
    replace: 'opened.close(); if (page.status === "ok")',
  },
];
