import path from "node:path";
import type { Json, Seconds } from "../../src/model.ts";
import type { CollectorWorld } from "./collector-world.ts";
import type { DiskImage } from "./disk-image.ts";
import type { SimulatedEntry } from "./entries.ts";
import type { Schedule } from "./schedule.ts";
import type { SlackWorld } from "./slack-world.ts";
import type { Verdict } from "./verdict.ts";

export const SOURCE = "acme";
export const STATE_FOLDER = "/state";
export const DEAD_LETTERS = "/state/dead-letters";

/** What positions say, held against what is known to be safe: acknowledged, or in the dead letters for good. */
export interface Claims {
  /** A first position was chosen: the promise begins with that second. `latest` is the last that may be. */
  begin(at: Seconds, latest: Seconds): void;
  /** A position can be read on the disk from now on. */
  visible(text: string): void;
  /** `save` said that a position is on the disk for good. */
  saved(position: Json): void;
  /** A process begins with that position. */
  loaded(position: Json | undefined): void;
  /** The entries that the promise covers. */
  promised(): readonly SimulatedEntry[];
  isSafe(id: string): boolean;
}

export interface ClaimsOptions {
  readonly schedule: Schedule;
  readonly slack: SlackWorld;
  readonly collector: CollectorWorld;
  readonly image: DiskImage;
  readonly verdict: Verdict;
}

/** The stored form of a position, as far as it makes claims. */
interface Stored {
  readonly through: Seconds;
  readonly settled: Seconds;
  readonly seen: Readonly<Record<string, string>>;
}

export function createClaims({ schedule, slack, collector, image, verdict }: ClaimsOptions): Claims {
  const deadLetters = new Set<string>();
  let promised: readonly SimulatedEntry[] = [];
  /** The last position that was said to be on the disk for good. */
  let durable: Stored | undefined;
  /** The last position that the present process read or wrote; a power loss may take it away. */
  let present: Stored | undefined;

  const isSafe = (id: string) => {
    if (collector.acknowledged.has(id) || deadLetters.has(id)) return true;
    for (const found of readDeadLetters(image)) deadLetters.add(found);
    return deadLetters.has(id);
  };
  const goesOn = (from: Stored | undefined, to: Stored | undefined, what: string) => {
    // Only where answers tell a wrong time may more be read again; what is settled is settled.
    const throughMayMove = schedule.slack.wrongDates.length > 0;
    if (from && (!to || (to.through < from.through && !throughMayMove) || to.settled < from.settled)) {
      verdict.fail("the position never moves back", `${what} ${to?.through} after ${from.through}`);
    }
  };

  return {
    isSafe,
    promised: () => promised,
    begin(at, latest) {
      if (at > latest) verdict.fail("no source begins in the future", `${at} where it is ${latest}`);
      if (durable) verdict.fail("the position never moves back", `begins at ${at} after ${durable.through}`);
      promised = schedule.entries.filter(({ date, unwanted }) => date >= at && !unwanted);
    },
    loaded(position) {
      present = position as unknown as Stored | undefined;
      goesOn(durable, present, "a process begins with");
    },
    saved(position) {
      durable = position as unknown as Stored;
    },
    visible(text) {
      const stored: Stored = JSON.parse(text).data.positions[SOURCE];
      goesOn(present, stored, "the disk says");
      present = stored;
      const seen = new Set(Object.values(stored.seen).flatMap((ids) => ids.split(" ")));
      const isClaim = schedule.slack.wrongDates.length === 0;
      const beganMs = (isClaim ? slack.beganMs(stored.through) : undefined) ?? Number.NEGATIVE_INFINITY;
      for (const { id, date, visibleAtMs } of promised) {
        const claimed =
          seen.has(`=${id}`) || date <= stored.settled || (date <= stored.through && visibleAtMs <= beganMs);
        if (claimed && !isSafe(id)) {
          verdict.fail(
            "the disk claims only what is safe",
            `${id} of ${date}: through ${stored.through}, settled ${stored.settled}`,
          );
        }
      }
    },
  };
}

/** The ids in the dead letters that any power loss would leave. */
export function readDeadLetters(image: DiskImage): string[] {
  const folder = path.join(DEAD_LETTERS, SOURCE);
  return image
    .durableNames(folder)
    .filter((name) => name.endsWith(".ndjson"))
    .flatMap((name) => (image.durableText(path.join(folder, name)) ?? "").split("\n").filter(Boolean))
    .map((line) => JSON.parse(line).record.attributes["log.record.uid"]);
}
