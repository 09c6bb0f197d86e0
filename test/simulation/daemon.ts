import { collect } from "../../src/collect.ts";
import type { Report } from "../../src/events.ts";
import type { Acknowledged, Checkpoints, Seconds } from "../../src/model.ts";
import { protobufEncoding } from "../../src/otlp/encoding/protobuf/record-encoding.ts";
import { createDeadLetters } from "../../src/otlp/export/dead-letters.ts";
import { createDeliver } from "../../src/otlp/export/deliver.ts";
import { createDestination, type Destination } from "../../src/otlp/export/destination.ts";
import { createBufferPool } from "../../src/runtime/buffer-pool.ts";
import { type Files, makeFolder, removeTemporaries } from "../../src/runtime/files.ts";
import { createRateLimiter } from "../../src/runtime/rate-limiter.ts";
import { createSlackClient } from "../../src/slack/api/client.ts";
import { createReader } from "../../src/slack/audit/decode/reader.ts";
import { createMapping } from "../../src/slack/audit/mapping/record.ts";
import { createResourceOf } from "../../src/slack/audit/mapping/resource.ts";
import { createAuditSource } from "../../src/slack/audit/walk/source.ts";
import { fixedAuthorization } from "../../src/slack/oauth/fixed-authorization.ts";
import { openCheckpoints } from "../../src/state/checkpoints.ts";
import { DEAD_LETTERS, SOURCE, STATE_FOLDER } from "./claims.ts";
import { createCollectorSend } from "./collector-send.ts";
import { createDisk } from "./disk.ts";
import { UNWANTED_ACTION } from "./entries.ts";
import type { Incarnation } from "./incarnation.ts";
import { outageAt } from "./outages.ts";
import { createPageAhead } from "./page-ahead.ts";
import { createSlackHttp } from "./slack-http.ts";
import type { World } from "./world.ts";

const AUDIT_URL = "https://api.slack.test/audit/v1";
const DESTINATION = { url: "http://collector.test/v1/logs", protocol: "http/protobuf", compression: "gzip" };
const ORGANISATION = { id: "E1" };
const outputs = createBufferPool(16 * 1_024 * 1_024);
// One for all processes, for it takes a while to make: of two of them only one is alive.
const openPage = createReader(
  createMapping({
    body: "json",
    severity: [],
    scope: { name: "simulation", version: "0" },
  }),
  { encoding: protobufEncoding, pool: outputs },
);

/** Puts the real parts together as the program does, on simulated Slack, collector, disk and time, and runs them to their end. */
export async function runDaemon(
  world: World,
  incarnation: Incarnation,
  troubleUntil: (ms: number) => void,
): Promise<void> {
  const { schedule, random, claims, accounts } = world;
  const { settings } = schedule;
  const { clock } = incarnation;
  const source = SOURCE;
  const report: Report = (event) => {
    if (event.event === "collection_starts") claims.begin(event.at, latestStart(world));
    accounts.report(event);
    world.tell(`${clock.monotonic().toFixed()} ms: ${JSON.stringify(event)}`);
  };
  const files = createDisk({
    ...world,
    incarnation,
    fault: () => outageAt(schedule.diskOutages, world.timeline.now()),
    replaced: (file, text) => {
      if (file === `${STATE_FOLDER}/checkpoints.json`) claims.visible(text);
    },
  });
  const host = { files, random, clock, report };
  const checkpoints = watched(await open(host, world), world);

  const budget = createRateLimiter(settings.requestsPerMinute, clock);
  const pageAhead = createPageAhead(world.verdict);
  const http = createSlackHttp({ ...world, incarnation, troubleUntil, pageAhead });
  const client = {
    ...createSlackClient({ source, auditUrl: AUDIT_URL, http, clock, rateLimiter: budget, report }),
    // Whoever still reads it finds out.
    release: (body: Buffer) => void body.fill(0),
  };
  const auditSource = createAuditSource({
    ...settings,
    source,
    client,
    authorization: fixedAuthorization(async () => ({ token: "xoxp-1", organisation: ORGANISATION })),
    limits: settings,
    probeMs: 5 * settings.pollIntervalMs,
    wants: (action) => action !== UNWANTED_ACTION,
    openPage,
    trim: outputs.clear,
    resourceOf: createResourceOf(source, {}),
    clock,
    random,
    report,
  });
  const destination = createDestination(DESTINATION, checkpoints);
  const deliver = createDeliver({
    source,
    send: createCollectorSend({ ...world, incarnation, ...settings, isSaving: checkpoints.isSaving, troubleUntil }),
    destination: schedule.collector.known ? known(destination) : destination,
    deadLetters: createDeadLetters(DEAD_LETTERS, host),
    batches: { maxRecords: settings.maxBatchRecords, maxBytes: 1_000_000 },
    concurrency: settings.concurrency,
    retryPolicy: { source, clock, random, report, probeMs: settings.pollIntervalMs },
  });
  await collect(auditSource, { ...incarnation, checkpoints, deliver: pageAhead.watch(deliver) });
}

/** As if an earlier run had brought it records. */
function known(destination: Destination): Destination {
  return { ...destination, hasAcknowledged: () => true };
}

/** Where the machine's clock is ahead or unset and Slack's answers are wrong too, an empty log may begin late. */
function latestStart({ schedule, timeline }: World): Seconds {
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

/** As the state folder is opened, but for its lock. */
async function open(host: Host, world: World): Promise<Checkpoints & Acknowledged> {
  await makeFolder(host.files, STATE_FOLDER);
  await removeTemporaries(host.files, STATE_FOLDER);
  const checkpoints = await openCheckpoints(STATE_FOLDER, { ...host, retryPolicy: { ...host, probeMs: 10_000 } });
  world.claims.loaded(checkpoints.load(SOURCE));
  return checkpoints;
}

/** The real checkpoints, and whether one of them is on its way to the disk. */
function watched(
  checkpoints: Checkpoints & Acknowledged,
  { claims }: World,
): Checkpoints & Acknowledged & { isSaving(): boolean } {
  let saving = 0;
  return {
    ...checkpoints,
    isSaving: () => saving > 0,
    load: checkpoints.load,
    async save(name, position, signal) {
      saving++;
      await checkpoints.save(name, position, signal);
      saving--;
      claims.saved(position);
    },
  };
}
