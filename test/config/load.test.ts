import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOf, load, NOW_MS, SOURCE } from "./load-text.ts";
import { CERTIFICATE, PRIVATE_KEY } from "./tls-files.ts";

const KEY = Buffer.alloc(32, 7).toString("base64");

test("a source alone is completed with the defaults", async () => {
  const config = await load(SOURCE);
  assert.deepEqual(config, {
    sources: [
      {
        name: "acme",
        clientId: "",
        clientSecret: "",
        redirectUrl: "",
        setupUrl: "",
        token: "xoxp-1",
        enterpriseId: "",
        slackUrl: "https://slack.com",
        auditUrl: "https://api.slack.com/audit/v1",
        pollIntervalMs: 60_000,
        startAt: { secondsBack: 0 },
        lookbackSeconds: 900,
        maxWindowSeconds: 3_600,
        pageSize: 9_999,
        requestsPerMinute: 40,
        includeActions: [],
        excludeActions: [],
      },
    ],
    export: {
      url: "http://localhost:4318/v1/logs",
      protocol: "http/protobuf",
      headers: {},
      compression: "gzip",
      timeoutMs: 10_000,
      tls: {},
      maxBatchRecords: 500,
      maxBatchBytes: 1_048_576,
      concurrency: 4,
    },
    mapping: { body: "json", preset: "otel", description: false, severity: [], resourceAttributes: {} },
    state: { directory: "./state", encryptionKey: "" },
    http: { host: "127.0.0.1", port: 8080, tls: {} },
    telemetry: { logs: "none" },
    log: { level: "info", format: "json" },
    shutdownGraceMs: 8_000,
    secrets: ["xoxp-1"],
  });
});

test("names in a mapping keep their dots and their order", async () => {
  const { mapping, export: to } = await load(`${SOURCE}
mapping:
  severity: { user_login_failed: ERROR, "user_*": DEBUG2, "pref.a": FATAL4 }
  resource_attributes: { service.name: slack, constructor.prototype: x, __proto__: y }
export: { headers: { x.y: "1" } }`);
  assert.deepEqual(mapping.severity, [
    ["user_login_failed", 17],
    ["user_*", 6],
    ["pref.a", 24],
  ]);
  assert.deepEqual(Object.entries(mapping.resourceAttributes), [
    ["service.name", "slack"],
    ["constructor.prototype", "x"],
    ["__proto__", "y"],
  ]);
  assert.deepEqual(to.headers, { "x.y": "1" });
});

test("every secret is listed", async () => {
  const config = await load(`
sources:
  a: { token: xoxe.xoxp-one }
  b: { client_id: id, client_secret: two, redirect_url: "http://localhost:8080/oauth/callback" }
export: { headers: { authorization: Bearer three } }
state: { encryption_key: "${KEY}" }`);
  assert.deepEqual(config.secrets, ["xoxe.xoxp-one", "two", "Bearer three", KEY]);
});

test("start_at is limited to the time from Slack's first entry to now", async () => {
  const startAt = async (text: string) =>
    (await load(`sources: { acme: { token: xoxp-1, start_at: "${text}" } }`)).sources[0]?.startAt;
  const first = Date.UTC(2018, 2, 1) / 1_000;
  assert.deepEqual(await startAt("2015-01-01T00:00:00Z"), { at: first });
  assert.deepEqual(await startAt("2026-01-01T00:00:00Z"), { at: 1_767_225_600 });
  assert.deepEqual(await startAt("7d"), { secondsBack: 604_800 });
  assert.deepEqual(await startAt("99999d"), { secondsBack: NOW_MS / 1_000 - first });
});

test("URLs lose their trailing slashes", async () => {
  const { sources, http } = await load(`
sources: { acme: { token: xoxp-1, slack_url: "https://slack-gov.com/", audit_url: "http://127.0.0.1:1/audit/v1/" } }
http: { listen: ":0" }`);
  assert.equal(sources[0]?.slackUrl, "https://slack-gov.com");
  assert.equal(sources[0]?.auditUrl, "http://127.0.0.1:1/audit/v1");
  assert.deepEqual(http, { host: "0.0.0.0", port: 0, tls: {} });
});

test("the mapping gets its preset and description", async () => {
  const { mapping } = await load(
    `${SOURCE}mapping: { preset: ecs, description: true, severity: { "category:file": WARN } }`,
  );
  assert.equal(mapping.preset, "ecs");
  assert.equal(mapping.description, true);
  assert.deepEqual(mapping.severity, [["category:file", 13]]);
});

test("certificates are read", async () => {
  const files = { "/ca": CERTIFICATE, "/cert": CERTIFICATE, "/key": PRIVATE_KEY };
  const config = await load(
    `${SOURCE}export: { tls: { ca_file: /ca } }\nhttp: { tls: { cert_file: /cert, key_file: /key } }`,
    { files },
  );
  assert.deepEqual(config.export.tls, { ca: CERTIFICATE });
  assert.deepEqual(config.http.tls, { cert: CERTIFICATE, key: PRIVATE_KEY });
});

test("sections and keys without a value count as not set", async () => {
  const config = await load(`${SOURCE}export:\n  tls:\n  headers:\nmapping: ~\nlog:\n  level:\n`);
  assert.deepEqual(config, await load(SOURCE));
});

test("all faults are reported at once", async () => {
  const faults = await faultsOf(`
sources: { acme: { token: xoxb-1, poll_interval: 5 }, beta: {}, "no good": { token: xoxp-1, page_size: 0 } }
export: { timeout: 1h, colour: red, tls: { ca_file: /none } }
log: { level: loud }`);
  assert.deepEqual(faults.map((fault) => fault.replace(/^Cannot use ([^:]+): .*$/, "$1")).sort(), [
    "export.colour",
    "export.timeout",
    "export.tls.ca_file",
    "log.level",
    "sources.acme.poll_interval",
    "sources.acme.token",
    "sources.beta",
    "sources.no good",
    "sources.no good.page_size",
  ]);
});
