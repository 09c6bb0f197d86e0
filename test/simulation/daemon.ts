import { metrics } from "@opentelemetry/api";
import { collect } from "../../src/collect.ts";
import {
  composeAccess,
  composeDeliver,
  composeReader,
  composeSend,
  composeSource,
  type Reader,
  type Shared,
  type SlackAccess,
} from "../../src/compose/source.ts";
import type { SourceConfig } from "../../src/config/config.ts";
import type { Report } from "../../src/events.ts";
import type { Acknowledged, Checkpoints, Grants, Seconds } from "../../src/model.ts";
import { createDeadLetters } from "../../src/otlp/export/dead-letters.ts";
import { createDestination, type Destination } from "../../src/otlp/export/destination.ts";
import { type Files, makeFolder, removeTemporaries } from "../../src/runtime/files.ts";
import { openCheckpoints } from "../../src/state/checkpoints.ts";
import { DEAD_LETTERS } from "./claims.ts";
import { createCollectorHttp } from "./collector-http.ts";
import { configOf, STATE_FOLDER } from "./config.ts";
import { createDisk } from "./disk.ts";
import type { Incarnation } from "./incarnation.ts";
import { outageAt } from "./outages.ts";
import { createPageAhead } from "./page-ahead.ts";
import { createSlackHttp } from "./slack-http.ts";
import type { SourceWorld, World } from "./world.ts";

/** Sources with a token in the configuration store no grant. */
const NO_GRANTS: Grants = { load: () => undefined, save: async () => {} };
/** One reader for each source, as in the program: sources never share buffers. */
const readers = new Map<string, Reader>();

/**
 * Composes the daemon as src/compose.ts does, on simulated Slack, collector, disk and time, and runs it to its end. Left out
 * are servers, metrics, the lock, and the daily comparison with Slack's lists, which nothing that is promised depends on.
 */
export async function runDaemon(
  world: World,
  incarnation: Incarnation,
  troubleUntil: (ms: number) => void,
): Promise<void> {
  const { schedule, random, verdict } = world;
  const { clock, stopping, hardStop } = incarnation;
  const config = configOf(schedule);
  const report = createReport(world, incarnation);
  const files = createDisk({
    ...world,
    incarnation,
    fault: () => outageAt(schedule.diskOutages, world.timeline.now()),
    replaced: (file, text) => {
      if (file !== `${STATE_FOLDER}/checkpoints.json`) return;
      const { positions } = JSON.parse(text).data;
      for (const { name, claims } of world.sources) claims.visible(positions[name]);
    },
  });
  const host = { files, random, clock, report };
  const checkpoints = watched(await openState(host, world), world);
  const pagesAhead = new Map(world.sources.map(({ name }) => [name, createPageAhead(verdict)]));
  const http = createSlackHttp({ ...world, incarnation, troubleUntil, given: (name) => pagesAhead.get(name)?.given() });
  const shared: Shared = { config, version: "0", clock, random, report, slackHttp: http, grants: NO_GRANTS };
  const destination = createDestination(config.export, checkpoints);
  const deadLetters = createDeadLetters(DEAD_LETTERS, host);

  const left = await Promise.all(
    config.sources.map(async (source) => {
      const { name } = source;
      const { concurrency } = config.export;
      const isSaving = () => checkpoints.isSaving(name);
      const collectorHttp = createCollectorHttp({ ...world, incarnation, concurrency, isSaving, troubleUntil });
      const meterProvider = metrics.getMeterProvider();
      const deliver = composeDeliver(
        source,
        {
          send: composeSend(source, shared, { http: collectorHttp, meterProvider, hardStop }),
          deadLetters,
          destination: schedule.collector.known ? known(destination) : destination,
        },
        shared,
      );
      const access = overwriting(composeAccess(source, shared));
      const collecting = { stopping, hardStop, checkpoints, deliver: pagesAhead.get(name)?.watch(deliver) ?? deliver };
      try {
        await collect(composeSource(source, access, shared, readerOf(source, shared)), collecting);
        return false;
      } catch (error) {
        if (!hardStop.aborted) verdict.fail("the daemon lives until it is stopped", String((error as Error)?.stack));
        return true;
      }
    }),
  );
  if (left.includes(true)) throw hardStop.reason;
}

/** The events of one process. */
function createReport(world: World, { clock }: Incarnation): Report {
  return (event) => {
    const source = world.sources.find(({ name }) => "source" in event && event.source === name);
    if (event.event === "collection_starts") source?.claims.begin(event.at, latestStart(source, world));
    source?.accounts.report(event);
    world.tell(() => `${clock.monotonic().toFixed()} ms: ${JSON.stringify(event)}`);
  };
}

/** The reader of a source, for all processes: it takes a while to make, and of two processes only one is alive. */
function readerOf({ name }: SourceConfig, shared: Shared): Reader {
  const reader = readers.get(name) ?? composeReader(shared, { reportUnknown: () => {} });
  readers.set(name, reader);
  return reader;
}

/** Overwrites the bytes of each page that is released, so that reading them afterwards is noticed. */
function overwriting(access: SlackAccess): SlackAccess {
  const { client } = access;
  const release = (body: Buffer) => {
    body.fill(0);
    client.release(body);
  };
  return { ...access, client: { ...client, release } };
}

/** As if an earlier run had brought it records. */
function known(destination: Destination): Destination {
  return { ...destination, hasAcknowledged: () => true };
}

/** Where the machine's clock is ahead or unset and Slack's answers are wrong too, an empty log may begin late. */
function latestStart({ schedule }: SourceWorld, { timeline }: World): Seconds {
  const { startAt } = schedule.settings;
  if ("at" in startAt) return startAt.at;
  const isTold =
    schedule.slack.wrongDates.length === 0 || (timeline.wall() > UNSET_MS && timeline.wall() <= timeline.now());
  return isTold ? Math.floor(timeline.now() / 1_000) - startAt.secondsBack : Number.POSITIVE_INFINITY;
}

const UNSET_MS = Date.UTC(2024, 0, 1);

interface Host extends Pick<World, "random">, Pick<Incarnation, "clock"> {
  readonly files: Files;
  readonly report: Report;
}

/** Opens the state folder, but for its lock and its grants. */
async function openState(host: Host, world: World): Promise<Checkpoints & Acknowledged> {
  await makeFolder(host.files, STATE_FOLDER);
  await removeTemporaries(host.files, STATE_FOLDER);
  const checkpoints = await openCheckpoints(STATE_FOLDER, { ...host, retryPolicy: { ...host, probeMs: 10_000 } });
  for (const { name, claims } of world.sources) claims.loaded(checkpoints.load(name));
  return checkpoints;
}

/** The real checkpoints, and whether a source's position is on its way to the disk. */
function watched(
  checkpoints: Checkpoints & Acknowledged,
  { sources }: World,
): Checkpoints & Acknowledged & { isSaving(source: string): boolean } {
  const saving = new Set<string>();
  return {
    ...checkpoints,
    isSaving: (source) => saving.has(source),
    async save(source, position, signal) {
      saving.add(source);
      await checkpoints.save(source, position, signal);
      saving.delete(source);
      sources.find(({ name }) => name === source)?.claims.saved(position);
    },
  };
}
