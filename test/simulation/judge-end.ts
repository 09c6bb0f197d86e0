import { readDeadLetters } from "./claims.ts";
import type { World } from "./world.ts";

/** What must hold once the world has come to rest, at `restMs`: judged by what a last power loss would leave. */
export function judgeEnd(world: World, restMs: number): void {
  const { schedule, collector, slack, claims, accounts, image, tally, verdict, timeline } = world;
  const deadLetters = readDeadLetters(image);
  const promised = claims.promised();
  const missing = promised.filter(({ id }) => !claims.isSafe(id));
  tally.schedules++;
  tally.entries += promised.length;
  tally.setAside += deadLetters.length;
  tally.lost += missing.length;
  tally.simulatedHours += (timeline.now() - schedule.timeline.startMs) / 3_600_000;
  for (const times of collector.taken.values()) tally.duplicates += times - 1;
  if (verdict.failure) return;

  if (missing.length > 0) verdict.fail("no entry is missing", missing.map(({ id, date }) => `${id} of ${date}`).join());

  const bound = (tally.crashes + tally.killed) * slack.largestPage + collector.lostRecords;
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

  const wanted = new Set(promised.map(({ id }) => id));
  const undated = new Set(schedule.entries.filter(({ text }) => text.includes('"soon"')).map(({ id }) => id));
  const strangers = [...collector.taken.keys(), ...deadLetters].filter((id) => !wanted.has(id) && !undated.has(id));
  if (strangers.length > 0) verdict.fail("only what was asked for is delivered", strangers.join());

  const poisoned = new Set(schedule.entries.filter(({ poison }) => poison).map(({ id }) => id));
  const collectorFailedLong = schedule.collector.outages.some(({ kind }) => kind === 400 || kind === 500);
  const healthy = deadLetters.filter((id) => !poisoned.has(id) && !collector.doubtful.has(id));
  if (healthy.length > 0 && !collectorFailedLong) {
    verdict.fail("only records at fault are set aside", healthy.join());
  }

  // Only then does each delivery stand in the event of a window.
  const isReported = accounts.caughtUpTo * 1_000 >= restMs && !accounts.brokenOff;
  const undisturbed = tally.crashes + tally.killed === 0 && tally.stops === 1 && isReported;
  const safe = new Set([...collector.taken.keys(), ...deadLetters]).size;
  if (accounts.setAside > deadLetters.length || (undisturbed && accounts.setAside !== deadLetters.length)) {
    verdict.fail("what is read is accounted for", `${accounts.setAside} set aside, ${deadLetters.length} on the disk`);
  }
  if (accounts.delivered > safe || (undisturbed && accounts.delivered !== safe)) {
    verdict.fail("what is read is accounted for", `${accounts.delivered} delivered, of ${safe} that were`);
  }
}
