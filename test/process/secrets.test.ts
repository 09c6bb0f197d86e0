import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { TextAnswer } from "../../src/demo/http/answer.ts";
import type { SinkFault } from "../../src/demo/sink/faults.ts";
import type { Fault } from "../../src/demo/slack/faults.ts";
import type { Daemon, LogLine } from "./daemon.ts";
import { makeEntries, nowSeconds, startAt } from "./entries.ts";
import { authorize, begin, comeBack, consent, oauthKeys, REDIRECT_URL, setupPath } from "./oauth-walk.ts";
import { type Setting, startSetting } from "./setting.ts";

const CLIENT_SECRET = "canary-client-secret-5d1f";
const HEADER = "canary-header-value/+=8c2e";
const ENCRYPTION_KEY = randomBytes(32).toString("base64");

/** A place where no secret may appear, and its content. */
type Trace = readonly [where: string, text: string];

test("no secret appears anywhere when everything that can echo one does", { timeout: 60_000 }, async () => {
  await using setting = await startSetting({ redirectUrls: [REDIRECT_URL], clientSecret: CLIENT_SECRET });
  const { slack, sink } = setting;
  const from = nowSeconds() - 60;
  const entries = makeEntries(30, { from, stretch: 30 });
  slack.addMany(entries);
  const secrets = new Map([
    ["pasted token", slack.token],
    ["client secret", CLIENT_SECRET],
    ["header", HEADER],
    ["encryption key", ENCRYPTION_KEY],
  ]);
  const keys = { start_at: startAt(from) };
  const troubled = new Map<string, object>();
  for (const [index, answer] of slackEchoes([...secrets.values()].join(" ")).entries()) {
    const other = await setting.slackToo();
    other.intercept = () => answer;
    troubled.set(`slack-${index}`, setting.source(other, keys));
  }
  const faults = new Map(collectorEchoes(HEADER).map((fault, index) => [`collector-${index}`, fault]));
  for (const name of faults.keys()) troubled.set(name, setting.source(slack, keys));
  sink.intercept = ({ records }) =>
    records.some(({ uid }) => uid === entries[0]?.id)
      ? faults.get(String(records[0]?.resource["slack.audit.source"]))
      : undefined;
  const daemon = await setting.daemon({
    sources: { acme: setting.source(slack, { ...oauthKeys(slack), ...keys }), ...Object.fromEntries(troubled) },
    export: { headers: { "x-api-key": HEADER } },
    state: { directory: setting.stateFolder, encryption_key: ENCRYPTION_KEY },
    telemetry: { logs: "otlp" },
  });

  const traces: Trace[] = [];
  const setup = await setupPath(daemon);
  const begun = await begin(daemon.address, setup);
  const back = await consent(begun.authorizeUrl);
  for (const name of ["state", "code"]) secrets.set(name, back.searchParams.get(name) ?? "");
  slack.intercept = ({ path }) =>
    path === "/api/oauth.v2.access" ? { status: 500, body: [...secrets.values()].join(" ") } : undefined;
  const failed = await comeBack(daemon.address, back, begun.cookie);
  traces.push(["page of a failed exchange", await failed.text()]);
  slack.intercept = ({ path }) => (path === "/api/oauth.v2.access" ? { rewrite: noteTokens } : undefined);
  const noteTokens = (answer: TextAnswer) => {
    const { authed_user, access_token } = JSON.parse(answer.body);
    secrets.set("granted token", authed_user.access_token).set("bot token", access_token);
    return answer;
  };
  traces.push(["page of a grant", await (await authorize(daemon)).text()]);
  await setting.delivered(30, ({ resource }) => resource["slack.audit.source"] === "acme");

  const isTrouble = ({ event }: LogLine) => ["held", "retrying", "records_set_aside"].includes(event);
  for (const name of troubled.keys()) await daemon.untilLine((line) => line.source === name && isTrouble(line));
  traces.push(...(await pagesOf(daemon)), ...(await tracesOfCommands(setting)));
  secrets.set("setup key", new URLSearchParams(setup.split("?")[1]).get("key") ?? "");

  sink.intercept = undefined;
  const { stdout, stderr } = await daemon.stop();
  traces.push(["stdout", stdout], ["stderr", stderr], ...(await tracesOfState(setting.stateFolder)));
  assert.ok(
    sink.records.some(({ eventName }) => eventName === "slack_audit_receiver.held"),
    "the own log is there",
  );
  traces.push([
    "OTLP",
    JSON.stringify(sink.records, (_, value) => (typeof value === "bigint" ? String(value) : value)),
  ]);
  assertNothingLeaks(traces, secrets);
});

/** A message of Slack, or of a proxy, that echoes the token. */
function slackEchoes(echo: string): readonly Fault[] {
  const bodies = [`<title>${echo}</title>`, JSON.stringify({ ok: false, error: echo })];
  return bodies.flatMap((body) => [200, 403].map((status) => ({ status, body })));
}

/** A message of a collector that echoes a refused header. */
function collectorEchoes(header: string): readonly SinkFault[] {
  const text = (status: number): SinkFault => ({ status, contentType: "text/plain", body: `x-api-key: ${header}` });
  const json = { status: 503, contentType: "application/json", body: JSON.stringify({ code: 14, message: header }) };
  const page = { status: 200, contentType: "text/html", body: `<title>${header}</title>` };
  return [text(401), text(500), json, page, text(400), { partial: { rejected: 1, message: header } }];
}

async function pagesOf(daemon: Daemon): Promise<Trace[]> {
  const paths = ["/", "/status.json", "/readyz", "/metrics"];
  return Promise.all(paths.map(async (path) => [path, await (await daemon.get(path)).text()] as const));
}

async function tracesOfCommands(setting: Setting): Promise<Trace[]> {
  const commands = [["check"], ["dead-letters"], ["status", "--json"], ["manifest", "--source", "acme"]];
  return Promise.all(commands.map(async (args) => [args.join(" "), JSON.stringify(await setting.run(args))] as const));
}

async function tracesOfState(folder: string): Promise<Trace[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  assert.ok(files.some((file) => file.endsWith("grants.json")));
  assert.ok(files.some((file) => file.endsWith(".ndjson")));
  return Promise.all(files.map(async (file) => [path.basename(file), await readFile(file, "utf8")] as const));
}

function assertNothingLeaks(traces: readonly Trace[], secrets: ReadonlyMap<string, string>): void {
  assert.ok([...secrets.values()].every((secret) => secret.length > 10));
  const leaks = traces.flatMap(([where, text]) =>
    [...secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => `${name} in ${where}`),
  );
  assert.deepEqual([...new Set(leaks)], []);
}
