import type { Page, Seconds, Source } from "../../../model.ts";
import type { Random } from "../../../runtime/random.ts";
import { EARLIEST_DATE } from "../entry.ts";
import { createFetchPage, type FetchPageOptions } from "./fetch-page.ts";
import { createFutureHold } from "./future-hold.ts";
import { createNoticeOdd } from "./odd-entries.ts";
import { type Position, positionAt, positionFromJson, positionToJson } from "./position.ts";
import { createPresent, type PresentView, SLACK_SKEW } from "./present.ts";
import { type WalkOptions, walkWindow } from "./walk.ts";
import { moveBack, nextWindow } from "./window.ts";

/** What a source is made of. */
export interface AuditSourceOptions
  extends Omit<WalkOptions, "ask" | "present" | "noticeOdd">,
    Pick<FetchPageOptions, "client" | "authorization" | "openPage" | "resourceOf" | "tokenRemedy"> {
  readonly startAt: { readonly at: Seconds } | { readonly secondsBack: Seconds };
  readonly pollIntervalMs: number;
  /** How long to wait before Slack is tried again after it has refused something that a person must mend. */
  readonly probeMs: number;
  readonly random: Random;
  /** Called when everything is read, and nothing will be asked until the next poll. */
  readonly rest: () => void;
}

/** Slack breaks off even the shortest window: asking faster would only spend the rateLimiter that others share. */
const PAUSE_WHEN_STUCK_MS = 30_000;
/** So often Slack is asked for nothing but its time, one answer after the other, while the answers disagree. */
const MOST_QUESTIONS = 4;
/** Where the answers go on disagreeing, the polls bring further ones. */
const QUESTIONS_EVERY_MS = 15_000;
/** So often in a poll Slack may say that a window reaches into its future. */
const MOST_REFUTATIONS = 3;

/** The audit log of one organisation: polls, and walks window after window until everything up to Slack's now is read. */
export function createAuditSource(options: AuditSourceOptions): Source {
  const { source, clock, random, report, startAt, limits, probeMs } = options;
  const present = createPresent({ source, clock, report });
  const ask = createFetchPage({
    ...options,
    retryPolicy: { source, clock, random, report, probeMs },
    observeTime: present.observe,
  });
  const walkOptions: WalkOptions = { ...options, ask, present, noticeOdd: createNoticeOdd(source, report) };
  const hold = createFutureHold({ source, clock, report, probeMs: options.pollIntervalMs });
  let questionsFromMs = Number.NEGATIVE_INFINITY;

  return {
    name: source,
    async *pages(stored, signal) {
      try {
        let position = stored === undefined ? undefined : positionFromJson(stored);
        for (;;) {
          const startedMs = clock.monotonic();
          await learnTime(position, signal);
          const begun: Position | undefined = position ?? begin();
          if (begun) {
            // Saved at once: a crash before the first entry must not move the start.
            if (!position) yield { records: [], next: positionToJson(begun) };
            position = yield* readToPresent(begun, signal);
          }
          options.rest();
          await clock.sleep(options.pollIntervalMs - (clock.monotonic() - startedMs), signal);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };

  /** The first position; undefined while nothing tells the time: to guess would be to begin in another year. */
  function begin(): Position | undefined {
    const now = present.start();
    if (now === undefined) return undefined;
    const position = positionAt(Math.max(EARLIEST_DATE, "at" in startAt ? startAt.at : now - startAt.secondsBack));
    report({ event: "collection_starts", source, at: position.through + 1 });
    return position;
  }

  /** Reads window after window; asks Slack at least once, so that its time is known however far the position is. */
  async function* readToPresent(start: Position, signal: AbortSignal): AsyncGenerator<Page, Position, void> {
    let position = start;
    let isAsked = false;
    let quietAfter: Seconds | undefined;
    let refutations = 0;
    for (;;) {
      const view = present.view();
      position = withinPresent(position, view);
      // A long stretch that only one clock tells of may be one that has not been yet.
      const isFar = !view.isVouchedFor && (view.now ?? 0) - position.through > limits.maxWindow - limits.lookback;
      const { latest, certain } = view;
      const reach = latest === undefined ? undefined : { latest, certain, ...(isFar && { quietAfter }) };
      const window = reach && nextWindow(position, limits, reach);
      if (!window || (isFar && !isAsked)) {
        if (isAsked) return position;
        quietAfter = await askNewest(position, signal);
        isAsked = true;
        continue;
      }
      isAsked = true;
      const { through, stretch }: Position = position;
      const walked = yield* walkWindow(window, position, walkOptions, signal);
      position = walked.position;
      if (walked.end === "future") {
        present.refute(window.to);
        if (++refutations >= MOST_REFUTATIONS) return position;
        await learnTime(position, signal);
        continue;
      }
      // The present of this poll is reached, or the last answer says that it is not yet time.
      if (walked.end === "read" && (window.to >= window.chosenAt || position.through === through)) return position;
      const isStuck = position.through === through && position.stretch === stretch;
      if (isStuck) await clock.sleep(PAUSE_WHEN_STUCK_MS, signal);
    }
  }

  /** A position that Slack's clock has not reached yet is moved back as far as is safe; what cannot be is held. */
  function withinPresent(position: Position, { now, latest = 0, isDoubted }: PresentView): Position {
    if (now === undefined || isDoubted) return position;
    hold.judge(position, latest);
    if (position.through <= latest + SLACK_SKEW || position.through === position.settled) return position;
    const moved = moveBack(position, latest);
    report({ event: "position_corrected", source, from: position.through, to: moved.through });
    return moved;
  }

  /** Asks for Slack's time while it is not known, or the answers disagree. */
  async function learnTime(position: Position | undefined, signal: AbortSignal): Promise<void> {
    if (present.view().now === undefined) await askNewest(position, signal);
    if (!present.view().isDoubted || clock.monotonic() < questionsFromMs) return;
    questionsFromMs = clock.monotonic() + QUESTIONS_EVERY_MS;
    for (let asked = 0; asked < MOST_QUESTIONS && present.view().isDoubted; asked++) await askNewest(position, signal);
  }

  /**
   * The smallest request. It tells the time and proves the token on the way. Gives the date of the newest entry, 0 where there
   * is none at all; undefined where the answer does not tell.
   */
  async function askNewest(position: Position | undefined, signal: AbortSignal): Promise<Seconds | undefined> {
    const answer = await ask({ limit: 1 }, position?.organisation, signal);
    if (answer.status !== "ok") return undefined;
    const { entries, nextCursor, release } = answer.value;
    const [newest] = entries;
    if (newest?.date !== undefined) present.meetNewest(newest.date);
    release();
    return newest || nextCursor !== undefined ? newest?.date : 0;
  }
}
