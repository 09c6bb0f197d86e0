import type { Clock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import { createEntryMaker } from "../entries/entry-maker.ts";
import type { DemoSlack } from "../slack/slack.ts";

const BACKLOG_ENTRIES = 20;
const BACKLOG_SECONDS = 300;
const LONGEST_PAUSE_MS = 1_500;

/** Options of `feed`. */
export interface FeedOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Called after each entry is added to the log, with its id and the time in milliseconds. */
  readonly onEntry: (id: string, atMs: number) => void;
}

/** Adds entries of the last five minutes to an organisation's log, then one every second or so, until `signal` aborts. */
export async function feed(
  slack: DemoSlack,
  { clock, random, onEntry }: FeedOptions,
  signal: AbortSignal,
): Promise<void> {
  const make = createEntryMaker({ random, organisation: slack.organisation });
  const add = (secondsBack: number) => {
    const entry = make(Math.floor(clock.now() / 1_000) - secondsBack);
    slack.add(entry);
    onEntry(entry.id, clock.now());
  };
  for (let left = BACKLOG_ENTRIES; left > 0; left--) add(Math.ceil((left * BACKLOG_SECONDS) / BACKLOG_ENTRIES));
  while (!signal.aborted) {
    await clock.sleep(random.fraction() * LONGEST_PAUSE_MS, signal).catch(() => {});
    if (!signal.aborted) add(0);
  }
}
