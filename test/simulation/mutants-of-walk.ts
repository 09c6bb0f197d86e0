import type { Mutant } from "./mutant.ts";

const WALK = "src/slack/audit/walk/walk.ts";
const WINDOW = "src/slack/audit/walk/window.ts";
const SLACK_TIME = "src/slack/audit/walk/slack-time.ts";
const SOURCE = "src/slack/audit/walk/source.ts";
const TIME = "src/slack/api/server-clock.ts";
const READ = 'return { position: finishWindow(position, undefined), end: "complete" };';
const PAGE = "src/slack/audit/decode/page.ts";
const ANSWER = "const { entries, nextCursor, organisation, date, release }: FetchedPage = result.value;";
const MORE = "const { entries, organisation, date, release }: FetchedPage = result.value; const nextCursor =";
const AHEAD = "pending = cursor === undefined ? undefined : fetchPage(cursor);";

/** Mutants of the window walk: which windows are read, how they end, and which entries count as delivered. */
export const WALK_MUTANTS: readonly Mutant[] = [
  {
    name: "the next window begins after through, without a lookback",
    file: WINDOW,
    find: "const from = finalThrough + 1;",
    replace: "const from = through + 1;",
  },
  {
    name: "a second is final one second too early",
    file: WINDOW,
    find: "certain - walk.lookback - 1",
    replace: "certain - walk.lookback",
    test: "test/slack/audit/walk/window.test.ts",
  },
  {
    name: "a second is final after half of the lookback",
    file: WINDOW,
    find: "certain - walk.lookback - 1",
    replace: "certain - Math.floor(walk.lookback / 2)",
  },
  {
    name: "seen is pruned at the end of the window",
    file: WINDOW,
    find: "const seen = prune(position.seen, finalThrough);",
    replace: "const seen = prune(position.seen, window.to);",
  },
  {
    name: "a window ends in the future",
    file: WINDOW,
    find: "Math.min(latest, through + windowSeconds, longest)",
    replace: "Math.min(latest + 1, through + windowSeconds, longest)",
  },
  {
    name: "this machine's clock ends a window",
    file: TIME,
    find: "return best && Math.floor((best.offset + clock.monotonic()) / 1_000);",
    replace: "return best && Math.floor(clock.now() / 1_000);",
  },
  {
    name: "a short page ends the window",
    file: WALK,
    find: ANSWER,
    replace: `${MORE} entries.length < options.pageSize ? undefined : result.value.nextCursor;`,
  },
  {
    name: "an empty page ends the window",
    file: WALK,
    find: ANSWER,
    replace: `${MORE} entries.length === 0 ? undefined : result.value.nextCursor;`,
  },
  {
    name: "a known id ends the window",
    file: WALK,
    find: "const undelivered = selectUndelivered(inside.toReversed());",
    replace:
      "const { seen } = tally; const undelivered = selectUndelivered(inside.toReversed()); if (tally.seen > seen) pending = undefined;",
  },
  {
    name: "a refused cursor ends the window",
    file: WALK,
    find: 'if (result.refusal.kind !== "size") return interrupt(result.refusal.why, result.refusal.kind);',
    replace: READ,
  },
  {
    name: "a repeated cursor ends the window",
    file: WALK,
    find: "if (cursorFault !== undefined) return interrupt(cursorFault);",
    replace: `if (cursorFault !== undefined) ${READ}`,
  },
  {
    name: "an error ends the window",
    file: "src/slack/audit/walk/fetch-page.ts",
    find: 'if (outcome.status !== "refused") return outcome;',
    replace: `if (outcome.status !== "refused") return { status: "ok", value: { entries: [], release() {} } };`,
  },
  {
    name: "a cut page counts as an empty page",
    file: PAGE,
    find: 'return { status: "retry", why: "Slack\'s answer is not complete JSON" };',
    replace: 'return { status: "ok", value: { entries: [] } };',
  },
  {
    name: "a page without a list counts as an empty page",
    file: PAGE,
    find: 'return { status: "retry", why: "Slack\'s answer does not have one list of entries" };',
    replace: 'return { status: "ok", value: { entries: [] } };',
  },
  {
    name: "through advances on the first page",
    file: WALK,
    find: "if (!pending) position = finishWindow(position, date);",
    replace: "position = finishWindow(position, date);",
  },
  {
    name: "requests with a cursor have no bounds",
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
    name: "the rate limit is ignored",
    file: "src/runtime/rate-limiter.ts",
    find: "takenAtMs.length >= actionsPerMinute",
    replace: "oldest === now",
  },
  {
    name: "polls have no pause",
    file: SOURCE,
    find: "await clock.sleep(pollIntervalMs - (clock.monotonic() - startedMs), signal);",
    replace: "await clock.sleep(0 * startedMs, signal);",
  },
  {
    name: "an unknown time counts as 1970",
    file: SLACK_TIME,
    find: "known !== undefined)) return known;",
    replace: "known !== undefined)) return known ?? 0;",
  },
  {
    name: "entries after the first slice of a page are skipped",
    file: PAGE,
    find: "entries.push(entry);",
    replace: "if (entries.length < ENTRIES_PER_TURN) entries.push(entry);",
  },
  {
    name: "a second page is fetched ahead",
    file: WALK,
    find: AHEAD,
    replace: `${AHEAD} pending?.then((next) => next.status === "ok" && next.value.nextCursor && fetchPage(next.value.nextCursor)).catch(() => {});`,
  },
  {
    name: "a page is released before it is delivered",
    file: WALK,
    find: "if (undelivered.length > 0 || !pending) yield",
    replace: "release();\n      if (undelivered.length > 0 || !pending) yield",
  },
  {
    name: "the page ahead overwrites the records that are delivered",
    file: "src/slack/audit/walk/fetch-page.ts",
    find: 'if (page.status === "ok")',
    replace: 'opened.release(); if (page.status === "ok")',
  },
  {
    name: "Slack's clock alone makes a second final",
    file: SLACK_TIME,
    find: "later(isConfirmed ? Math.min(now, machine) : undefined, known)",
    replace: "later(now, known)",
  },
  {
    name: "this machine's clock alone makes a second final",
    file: SLACK_TIME,
    find: "later(isConfirmed ? Math.min(now, machine) : undefined, known)",
    replace: "later(machine, known)",
  },
  {
    name: "the later one of two clocks makes a second final",
    file: SLACK_TIME,
    find: "isConfirmed ? Math.min(now, machine)",
    replace: "isConfirmed ? Math.max(now, machine)",
    test: "test/slack/audit/walk/wrong-dates.test.ts",
  },
  {
    name: "clocks that differ by days agree",
    file: SLACK_TIME,
    find: "const AGREEMENT: Seconds = 300;",
    replace: "const AGREEMENT: Seconds = 3e5;",
  },
  {
    name: "the certain second is estimated after the window is read",
    file: WALK,
    find: "const result = { ...limits,",
    replace: "window = { ...window, certain: slackTime.estimate().certain }; const result = { ...limits,",
  },
  {
    name: "a poll without a window sends no request",
    file: SOURCE,
    find: "if (hasFetched) return position;",
    replace: "return position;",
  },
  {
    name: "a position ahead of Slack's clock stays there",
    file: SOURCE,
    find: "const moved = moveBack(position, latest);",
    replace: "const moved = position;",
    test: "test/slack/audit/walk/wrong-dates.test.ts",
  },
  {
    name: "the later one of two clocks is the start",
    file: SLACK_TIME,
    find: "later(Math.min(...clocks), known)",
    replace: "later(Math.max(...clocks), known)",
  },
  {
    name: "Slack's clock alone is the start",
    file: SLACK_TIME,
    find: "[now, machineTime()].filter(isPlausible);\n      const known",
    replace: "[now, now].filter(isPlausible);\n      const known",
  },
  {
    name: "the last answer alone sets Slack's time",
    file: TIME,
    find: "const isConfirmed =",
    replace: "const isConfirmed = true ||",
    test: "test/slack/api/server-clock.test.ts",
  },
  {
    name: "the first answer alone sets Slack's time",
    file: TIME,
    find: "(samples.length === 1 && !future &&",
    replace: "(samples.length === 1 ||",
    test: "test/slack/api/server-clock.test.ts",
  },
  {
    name: "a window that Slack calls the future is requested again",
    file: SOURCE,
    find: "slackTime.markFuture(window.to);",
    replace: "",
    test: "test/slack/audit/walk/wrong-dates.test.ts",
  },
  {
    name: "through moves beyond the Date of the last answer",
    file: WINDOW,
    find: "Math.min(window.to, walk.endedAt ?? window.to)",
    replace: "window.to",
    test: "test/slack/audit/walk/window.test.ts",
  },
];
