import path from "node:path";
import type { Json, Seconds } from "../../src/model.ts";
import type { CollectorWorld } from "./collector-world.ts";
import { STATE_FOLDER } from "./config.ts";
import type { DiskImage } from "./disk-image.ts";
import type { SimulatedEntry } from "./entries.ts";
import type { SourceSchedule } from "./schedule.ts";
import type { SlackWorld } from "./slack-world.ts";
import type { Verdict } from "./verdict.ts";

export const DEAD_LETTERS = path.join(STATE_FOLDER, "dead-letters");

/** Compares one source's positions with what is known to be safe: acknowledged, or durable in the dead letters. */
export interface Claims {
  /** A first position was chosen: the promise begins with that second. `latest` is the last that may be. */
  begin(at: Seconds, latest: Seconds): void;
  /** From now on the disk may hold that position; undefined where it holds none of this source. */
  visible(position: StoredPosition | undefined): void;
  /** `save` said that the position is durable. */
  saved(position: Json): void;
  /** A process begins with that position. */
  loaded(position: Json | undefined): void;
  /** Whether a first position was chosen, by this process or an earlier one. */
  readonly hasBegun: boolean;
  /** The entries that the promise covers. */
  promised(): readonly SimulatedEntry[];
  isSafe(id: string): boolean;
}

export interface ClaimsOptions {
  readonly schedule: SourceSchedule;
  readonly slack: SlackWorld;
  readonly collector: CollectorWorld;
  readonly image: DiskImage;
  readonly verdict: Verdict;
}

/** The stored form of a position, as far as it makes claims. */
export interface StoredPosition {
  readonly through: Seconds;
  readonly settled: Seconds;
  readonly seen: Readonly<Record<string, string>>;
}

export function createClaims({ schedule, slack, collector, image, verdict }: ClaimsOptions): Claims {
  const { name } = schedule;
  const deadLetters = new Set<string>();
  let hasBegun = false;
  let promised: readonly SimulatedEntry[] = [];
  /** The last position whose `save` resolved. */
  let durable: StoredPosition | undefined;
  /** The last position that the present process read or wrote. A power loss may undo it. */
  let present: StoredPosition | undefined;

  const isSafe = (id: string) => {
    if (collector.acknowledged.has(id) || deadLetters.has(id)) return true;
    for (const found of readDeadLetters(image, name)) deadLetters.add(found);
    return deadLetters.has(id);
  };
  const goesOn = (from: StoredPosition | undefined, to: StoredPosition | undefined, what: string) => {
    // `through` may move back where answers have a wrong `Date`; `settled` never moves back.
    const throughMayMove = schedule.slack.wrongDates.length > 0;
    if (from && (!to || (to.through < from.through && !throughMayMove) || to.settled < from.settled)) {
      verdict.fail("the position never moves back", `${name}: ${what} ${to?.through} after ${from.through}`);
    }
  };

  return {
    isSafe,
    get hasBegun() {
      return hasBegun;
    },
    promised: () => promised,
    begin(at, latest) {
      if (at > latest) verdict.fail("no source begins in the future", `${name}: ${at} where it is ${latest}`);
      if (durable) verdict.fail("the position never moves back", `${name}: begins at ${at} after ${durable.through}`);
      hasBegun = true;
      promised = schedule.entries.filter(({ date, unwanted }) => date >= at && !unwanted);
    },
    loaded(position) {
      present = position as unknown as StoredPosition | undefined;
      goesOn(durable, present, "a process begins with");
    },
    saved(position) {
      durable = position as unknown as StoredPosition;
    },
    visible(stored) {
      goesOn(present, stored, "the disk says");
      present = stored;
      if (!stored) return;
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

/** The ids in the dead letters of a source that any power loss would leave. */
export function readDeadLetters(image: DiskImage, source: string): string[] {
  const folder = path.join(DEAD_LETTERS, source);
  return image
    .durableNames(folder)
    .filter((name) => name.endsWith(".ndjson"))
    .flatMap((name) => (image.durableText(path.join(folder, name)) ?? "").split("\n").filter(Boolean))
    .map((line) => JSON.parse(line).record.attributes["log.record.uid"]);
}
