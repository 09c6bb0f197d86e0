import type { Seconds, Source } from "../../model.ts";
import type { Random } from "../../runtime/random.ts";
import { createSlackTime } from "../time.ts";
import { type AskOptions, createAsk } from "./ask.ts";
import { type Position, positionAt, positionFromJson, positionToJson } from "./position.ts";
import { type WalkOptions, walkWindow } from "./walk.ts";
import { nextWindow } from "./window.ts";

/** What a source is made of. */
export interface AuditSourceOptions
  extends Omit<WalkOptions, "ask">,
    Pick<AskOptions, "client" | "authorization" | "openPage" | "resourceOf"> {
  readonly startAt: { readonly at: Seconds } | { readonly secondsBack: Seconds };
  readonly pollIntervalMs: number;
  /** How long to wait before Slack is tried again after it has refused something that a person must mend. */
  readonly probeMs: number;
  readonly random: Random;
  /** Called when everything is read, and nothing will be asked until the next poll. */
  readonly rest: () => void;
}

/** Slack breaks off even the shortest window: asking faster would only spend the budget that others share. */
const PAUSE_WHEN_STUCK_MS = 30_000;

/** The audit log of one organisation: polls, and walks window after window until everything up to Slack's now is read. */
export function createAuditSource(options: AuditSourceOptions): Source {
  const { source, clock, random, report, startAt, limits, probeMs } = options;
  const slackTime = createSlackTime(clock);
  const ask = createAsk({
    ...options,
    patience: { source, clock, random, report, probeMs },
    observeTime: slackTime.observe,
  });
  const walkOptions: WalkOptions = { ...options, ask };

  return {
    name: source,
    async *pages(stored, signal) {
      try {
        let position = stored === undefined ? undefined : positionFromJson(stored);
        for (;;) {
          const startedMs = clock.monotonic();
          const now = await learnTime(position, signal);
          if (now === undefined) {
            // To guess would be to begin in another year.
            await clock.sleep(options.pollIntervalMs, signal);
            continue;
          }
          if (!position) {
            position = positionAt(Math.max(0, "at" in startAt ? startAt.at : now - startAt.secondsBack));
            report({ event: "collection_starts", source, at: position.through + 1 });
            // Saved at once: a crash before the first entry must not move the start.
            yield { records: [], next: positionToJson(position) };
          }
          for (let window = nextWindow(position, limits, now); window; window = nextWindow(position, limits, now)) {
            const { through, stretch }: Position = position;
            position = yield* walkWindow(window, position, walkOptions, signal);
            const stuck = position.through === through && position.stretch === stretch;
            if (stuck) await clock.sleep(PAUSE_WHEN_STUCK_MS, signal);
          }
          options.rest();
          await clock.sleep(options.pollIntervalMs - (clock.monotonic() - startedMs), signal);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };

  /**
   * Slack's time. Where no answer has told it yet, the smallest request asks, which proves the token on the way. Undefined
   * at the start of an empty log whose answers do not tell it either.
   */
  async function learnTime(position: Position | undefined, signal: AbortSignal): Promise<Seconds | undefined> {
    const known = slackTime.now();
    if (known !== undefined) return known;
    const answer = await ask({ limit: 1 }, position?.organisation, signal);
    if (answer.status === "ok") answer.value.release();
    const newest = answer.status === "ok" ? answer.value.entries[0]?.date : undefined;
    // Where something strips the Date header, the newest entry's date is a time that Slack has certainly reached.
    return slackTime.now() ?? newest ?? position?.through;
  }
}
