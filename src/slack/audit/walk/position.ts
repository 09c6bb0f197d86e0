import type { Json, Seconds } from "../../../model.ts";
import { isObject } from "../../../runtime/json.ts";
import type { Seen } from "./seen.ts";

/** How far a source has read and delivered. */
export interface Position {
  /** All entries dated up to here that were visible when their window was read are delivered. */
  readonly through: Seconds;
  /** No entry dated up to here can still appear: it was read more than `lookback` later. The next window begins after it. */
  readonly finalThrough: Seconds;
  /** The next window ends so far after `through`, unless a limit is nearer. */
  readonly windowSeconds: Seconds;
  /** The delivered entries dated after `finalThrough`. */
  readonly seen: Seen;
  /** The id of the organisation that was read. Another organisation needs a position of its own. */
  readonly organisation?: string;
}

const INITIAL_WINDOW_SECONDS: Seconds = 300;
/** Ten years: no audit log is older. */
export const MAX_WINDOW_SECONDS: Seconds = 315_360_000;

/** Creates the position of a source that has delivered nothing. Its first window begins at `at`. */
export function positionAt(at: Seconds): Position {
  return { through: at - 1, finalThrough: at - 1, windowSeconds: INITIAL_WINDOW_SECONDS, seen: new Map() };
}

/** A stored position cannot be used. */
export class PositionError extends TypeError {
  readonly why: string;

  constructor(why: string) {
    super(`Cannot read the position: ${why}`);
    this.why = why;
  }
}

/** Converts a position to its stored form. The stored names do not change, so that older state can be loaded. */
export function positionToJson({ through, finalThrough, windowSeconds, seen, organisation }: Position): Json {
  return {
    through,
    settled: finalThrough,
    stretch: windowSeconds,
    ...(organisation !== undefined && { organisation }),
    seen: seenToJson(seen),
  };
}

/** Converts a stored position back; throws a `PositionError` where a member is damaged. */
export function positionFromJson(json: unknown): Position {
  if (typeof json !== "object" || json === null) throw new PositionError("it is not an object");
  const { through, settled, stretch, seen, organisation } = json as Record<string, unknown>;
  if (!isSecond(through) || !isSecond(settled) || settled > through) {
    throw new PositionError("its times are not valid");
  }
  if (!isSecond(stretch) || stretch < 1 || stretch > MAX_WINDOW_SECONDS) {
    throw new PositionError("the length of its window is not valid");
  }
  if (organisation !== undefined && typeof organisation !== "string") {
    throw new PositionError("its organisation is not a string");
  }
  return {
    through,
    finalThrough: settled,
    windowSeconds: stretch,
    seen: seenFromJson(seen),
    ...(organisation !== undefined && { organisation }),
  };
}

/** Converts the keys of delivered entries to their stored form. */
export function seenToJson(seen: Seen): Json {
  return Object.fromEntries(seen);
}

/** Converts stored keys back; throws a `PositionError` where they are damaged. */
export function seenFromJson(json: unknown): Seen {
  if (!isObject(json)) throw new PositionError("seen is not an object");
  return new Map(
    Object.entries(json).map(([second, keys]) => {
      if (!/^\d+$/.test(second) || typeof keys !== "string") throw new PositionError("seen is damaged");
      return [Number(second), keys];
    }),
  );
}

/** The year 2286. A larger number is not in seconds. */
const LATEST_SECOND: Seconds = 9_999_999_999;

function isSecond(value: unknown): value is Seconds {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= LATEST_SECOND;
}
