import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type AuditEntry, createEntryMaker } from "../../src/demo/entries/entry-maker.ts";
import { DEMO_ORGANISATION } from "../../src/demo/slack/people.ts";
import type { Random } from "../../src/runtime/random.ts";
import { nowSeconds, startAt } from "../process/entries.ts";
import { type Changes, type Setting, startSetting } from "../process/setting.ts";
import { type Canaries, type Count, createCount } from "./count.ts";

/** The longest delay of a late entry. The configured lookback is twice as long. */
const LATEST_SECONDS = 4;
const ONE_IN_POISONOUS = 150;
const LARGEST_BACKLOG = 200;

/** A setting with a stream of entries, some late, some refused by the collector, and a count of all. */
export interface World {
  readonly setting: Setting;
  readonly canaries: Canaries;
  readonly count: Count;
  /** The most entries in one page of Slack. */
  largestPage(): number;
  /** Adds entries of the last seconds, unless the backlog is large. */
  addEntries(entries: number): void;
  /** Calls `then` at each request of the daemon to Slack or the collector. */
  onRequest(then: (() => void) | undefined): void;
  /** Makes this side accept requests and never answer. */
  hang(side: "slack" | "collector" | undefined): void;
  /** Waits until every entry is delivered or set aside. */
  untilDelivered(): Promise<void>;
  /** The entry ids in the dead letters. */
  setAside(): Promise<string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a world. Pages and requests are small. */
export async function startWorld(random: Random, { source, export: more, ...changes }: Changes = {}): Promise<World> {
  const canaries = { header: "canary-header-value/+=8c2e", key: randomBytes(32).toString("base64") };
  const setting = await startSetting();
  const { slack, sink } = setting;
  const make = createEntryMaker({ random, organisation: DEMO_ORGANISATION });
  const poison = new Set<string>();
  const count = createCount(sink);
  let largest = 0;
  let notify: (() => void) | undefined;
  let hung: "slack" | "collector" | undefined;

  slack.intercept = ({ path: asked }) => {
    notify?.();
    if (hung === "slack") return { stall: true };
    if (asked !== "/audit/v1/logs") return undefined;
    return {
      rewrite: (answer) => {
        largest = Math.max(largest, answer.body.match(/"date_create":/g)?.length ?? 0);
        return answer;
      },
    };
  };
  sink.intercept = ({ records }) => {
    notify?.();
    if (hung === "collector") return { stall: true };
    return records.some(({ uid }) => poison.has(uid)) ? { status: 400 } : undefined;
  };
  await setting.writeConfig({
    source: { start_at: startAt(nowSeconds() - 60), page_size: 20, lookback: `${2 * LATEST_SECONDS}s`, ...source },
    export: { max_batch_records: 5, headers: { "x-api-key": canaries.header }, ...more },
    state: { directory: setting.stateFolder, encryption_key: canaries.key },
    ...changes,
  });

  const setAside = async () => {
    const folder = path.join(setting.stateFolder, "dead-letters/acme");
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".ndjson"));
    const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), "utf8")));
    const lines = texts.flatMap((text) => text.split("\n").filter(Boolean));
    return lines.map((line): string => JSON.parse(line).record.attributes["log.record.uid"]);
  };
  return {
    setting,
    canaries: { token: slack.token, ...canaries },
    count,
    largestPage: () => largest,
    addEntries(entries) {
      if (count.missing().length > LARGEST_BACKLOG) return;
      const made: AuditEntry[] = Array.from({ length: entries }, () =>
        make(nowSeconds() - Math.floor(random.fraction() * (LATEST_SECONDS + 1))),
      );
      for (const { id } of made) if (random.fraction() < 1 / ONE_IN_POISONOUS) poison.add(id);
      count.expect(made.map(({ id }) => id));
      slack.addMany(made);
    },
    onRequest(then) {
      notify = then;
    },
    hang(side) {
      hung = side;
    },
    async untilDelivered() {
      const left = () => count.missing().filter((id) => !poison.has(id)).length;
      for (let before = left(); before > 0; before = left()) {
        await setting.watch.until(
          () => left() < before,
          () => `for ${before} of ${count.expected()} entries`,
        );
      }
    },
    setAside,
    [Symbol.asyncDispose]: () => setting[Symbol.asyncDispose](),
  };
}
