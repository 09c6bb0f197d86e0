import type { Json, Seconds } from "../../../model.ts";
import { type Seen, seenFromJson, seenToJson } from "./seen.ts";

/** How far a source has come. Never moves back by itself. */
export interface Position {
  /** Every entry dated up to here that was visible when its window was read is delivered. */
  readonly through: Seconds;
  /** Up to here nothing can still appear: more than `lookback` had passed when it was read. The next window begins after it. */
  readonly settled: Seconds;
  /** How far beyond `through` the next window reaches. */
  readonly stretch: Seconds;
  /** What is delivered of the seconds after `settled`. */
  readonly seen: Seen;
  /** The organisation that the position belongs to: it means nothing in another. */
  readonly organisation?: string;
}

const FIRST_STRETCH: Seconds = 300;
/** Ten years: there is no older log. */
export const LONGEST_STRETCH: Seconds = 315_360_000;

/** The position of a source that has delivered nothing: the first entry it asks for is dated `at`. */
export function positionAt(at: Seconds): Position {
  return { through: at - 1, settled: at - 1, stretch: FIRST_STRETCH, seen: new Map() };
}

/** A position as it is stored. */
export function positionToJson({ seen, ...rest }: Position): Json {
  return { ...rest, seen: seenToJson(seen) };
}

/** The reverse of `positionToJson`; throws a `TypeError` for anything that it did not write. */
export function positionFromJson(json: unknown): Position {
  if (typeof json !== "object" || json === null) throw new TypeError("Cannot read the position: it is not an object");
  const { through, settled, stretch, seen, organisation } = json as Record<string, unknown>;
  if (!isSecond(through) || !isSecond(settled) || settled > through) {
    throw new TypeError("Cannot read the position: its times are no times that it can have reached");
  }
  if (!isSecond(stretch) || stretch < 1 || stretch > LONGEST_STRETCH) {
    throw new TypeError("Cannot read the position: its window has no length that it can have");
  }
  if (organisation !== undefined && typeof organisation !== "string") {
    throw new TypeError("Cannot read the position: its organisation is not a text");
  }
  return {
    through,
    settled,
    stretch,
    seen: seenFromJson(seen),
    ...(organisation !== undefined && { organisation }),
  };
}

/** In the year 2286; later ones are no times of Slack's, and beyond the reach of dates. */
const LATEST: Seconds = 9_999_999_999;

function isSecond(value: unknown): value is Seconds {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= LATEST;
}
