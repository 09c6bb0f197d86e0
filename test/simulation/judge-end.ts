import { readDeadLetters } from "./claims.ts";
import type { SourceWorld, World } from "./world.ts";

/** Judges what must hold once the world has come to rest, at `restMs`: by what a last power loss would leave. */
export function judgeEnd(world: World, restMs: number): void {
  const { schedule, sources, tally, collector, timeline } = world;
  tally.schedules++;
  tally.sources += sources.length;
  tally.simulatedHours += (timeline.now() - schedule.timeline.startMs) / 3_600_000;
  for (const times of collector.taken.values()) tally.duplicates += times - 1;
  const ends = sources.map((source) => endOf(source, world));
  for (const { promised, missing, deadLetters } of ends) {
    tally.entries += promised.length;
    tally.setAside += deadLetters.length;
    tally.lost += missing.length;
  }
  if (world.verdict.failure) return;
  judgeEntries(ends, world);
  judgeCopies(world);
  judgeDeadLetters(ends, world);
  for (const end of ends) judgeAccounts(end, world, restMs);
}

/** What became of the entries of one source. */
interface SourceEnd {
  readonly source: SourceWorld;
  readonly promised: readonly string[];
  readonly missing: readonly string[];
  readonly deadLetters: readonly string[];
  /** What the collector took. */
  readonly taken: readonly string[];
}

function endOf(source: SourceWorld, { collector, image }: World): SourceEnd {
  const { name, claims, schedule } = source;
  const promised = claims.promised().map(({ id }) => id);
  return {
    source,
    promised,
    missing: promised.filter((id) => !claims.isSafe(id)),
    deadLetters: readDeadLetters(image, name),
    taken: schedule.entries.map(({ id }) => id).filter((id) => collector.taken.has(id)),
  };
}

function judgeEntries(ends: readonly SourceEnd[], { collector, schedule, verdict }: World): void {
  const missing = ends.flatMap((end) => end.missing);
  if (missing.length > 0) verdict.fail("no entry is missing", missing.join());

  const entries = schedule.sources.flatMap((source) => source.entries);
  const undated = entries.filter(({ text }) => text.includes('"soon"')).map(({ id }) => id);
  const wanted = new Set([...ends.flatMap((end) => end.promised), ...undated]);
  const found = [...collector.taken.keys(), ...ends.flatMap((end) => end.deadLetters)];
  const strangers = found.filter((id) => !wanted.has(id));
  if (strangers.length > 0) verdict.fail("only what was asked for is delivered", strangers.join());
}

function judgeCopies({ collector, schedule, sources, tally, verdict }: World): void {
  const onePageEach = sources.reduce((sum, { slack }) => sum + slack.largestPage, 0);
  const bound = (tally.crashes + tally.killed) * onePageEach + collector.lostRecords;
  if (tally.duplicates > bound) {
    verdict.fail("duplicates stay within the bound", `${tally.duplicates} where ${bound} are allowed`);
  }

  const { faultShare, outages, slowMs } = schedule.collector;
  const onlyAnswersBadly = faultShare === 0 && slowMs === 0 && outages.every(({ kind }) => kind !== 500);
  const runs = 1 + tally.crashes + tally.killed;
  const mostCopies = Math.max(0, ...collector.taken.values());
  if (onlyAnswersBadly && mostCopies > 3 * runs) {
    verdict.fail("a record is stored three times at most", `${mostCopies} times in ${runs} runs`);
  }
}

function judgeDeadLetters(ends: readonly SourceEnd[], { collector, schedule, verdict }: World): void {
  const entries = schedule.sources.flatMap((source) => source.entries);
  const poisoned = new Set(entries.filter(({ poison }) => poison).map(({ id }) => id));
  const collectorFailedLong = schedule.collector.outages.some(({ kind }) => kind === 400 || kind === 500);
  const deadLetters = ends.flatMap((end) => end.deadLetters);
  const healthy = deadLetters.filter((id) => !poisoned.has(id) && !collector.doubtful.has(id));
  if (healthy.length > 0 && !collectorFailedLong) verdict.fail("only records at fault are set aside", healthy.join());
}

function judgeAccounts({ source, deadLetters, taken }: SourceEnd, { tally, verdict }: World, restMs: number): void {
  const { name, accounts } = source;
  // Only then does each delivery stand in the event of a window.
  const isReported = accounts.caughtUpTo * 1_000 >= restMs && !accounts.brokenOff;
  const undisturbed = tally.crashes + tally.killed === 0 && tally.stops === 1 && isReported;
  const safe = new Set([...taken, ...deadLetters]).size;
  if (accounts.setAside > deadLetters.length || (undisturbed && accounts.setAside !== deadLetters.length)) {
    const detail = `${name}: ${accounts.setAside} set aside, ${deadLetters.length} on the disk`;
    verdict.fail("what is read is accounted for", detail);
  }
  if (accounts.delivered > safe || (undisturbed && accounts.delivered !== safe)) {
    verdict.fail("what is read is accounted for", `${name}: ${accounts.delivered} delivered, of ${safe} that were`);
  }
}
