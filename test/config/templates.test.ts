import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { listReference, renderReference } from "../../src/config/reference.ts";
import { load } from "./load-text.ts";

const read = (name: string) => readFileSync(path.join(import.meta.dirname, "../../config", name), "utf8");

const OAUTH_ENV = {
  SLACK_CLIENT_ID: "1.2",
  SLACK_CLIENT_SECRET: "secret",
  SLACK_REDIRECT_URL: "https://audit.example.com/oauth/callback",
};

test("receiver.yaml gives every key, with its default", () => {
  const document = parse(read("receiver.yaml"), { schema: "failsafe" });
  for (const row of listReference()) {
    const names = row.key.replace("<name>", "acme").split(".");
    const value = names.reduce((node, name) => node?.[name], document);
    assert.notEqual(value, undefined, row.key);
    if (/^sources(\.<name>\.(client_id|client_secret|redirect_url))?$/.test(row.key)) continue;
    assert.deepEqual(value, parse(row.default, { schema: "failsafe" }), row.key);
  }
});

test("receiver.yaml loads as the defaults", async () => {
  const template = await load(read("receiver.yaml"), { env: OAUTH_ENV });
  const acme = { client_id: "1.2", client_secret: "secret", redirect_url: OAUTH_ENV.SLACK_REDIRECT_URL };
  assert.deepEqual(template, await load(JSON.stringify({ sources: { acme } })));
});

test("minimal.yaml loads with the variables that it names", async () => {
  const config = await load(read("minimal.yaml"), { env: OAUTH_ENV });
  assert.equal(config.sources[0]?.clientSecret, "secret");
  assert.equal(config.export.url, "http://localhost:4318/v1/logs");
});

test("container.yaml needs only variables", async () => {
  const env = {
    SLACK_TOKEN: "xoxp-1",
    SLACK_AUDIT_START_AT: "1d",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
  };
  const { sources, export: to, http, state } = await load(read("container.yaml"), { env });
  assert.equal(sources[0]?.name, "slack");
  assert.deepEqual(sources[0]?.startAt, { secondsBack: 86_400 });
  assert.equal(to.url, "http://collector:4318/v1/logs");
  assert.deepEqual(http, { host: "127.0.0.1", port: 8080, tls: {} });
  assert.deepEqual(state, { directory: "/var/lib/slack-audit-receiver", encryptionKey: "" });
  assert.equal((await load(read("container.yaml"), { env: OAUTH_ENV })).sources[0]?.token, "");
  const opened = { SLACK_AUDIT_RECEIVER_LISTEN: "0.0.0.0:8080", SLACK_AUDIT_RECEIVER_METRICS_LISTEN: ":9090" };
  assert.deepEqual((await load(read("container.yaml"), { env: { ...env, ...opened } })).http, {
    host: "0.0.0.0",
    port: 8080,
    tls: {},
    metrics: { host: "0.0.0.0", port: 9090 },
  });
});

test("renderReference() writes a row for every key", () => {
  const rows = listReference();
  const table = renderReference(rows);
  assert.equal(table.split("\n").length, rows.length + 3);
  assert.match(
    table,
    /^\| `export\.protocol` \| `http\/protobuf`, `http\/json` \| `http\/protobuf` \| Encoding of requests \| `OTEL_EXPORTER_OTLP_LOGS_PROTOCOL`, `OTEL_EXPORTER_OTLP_PROTOCOL` \|$/m,
  );
  assert.match(
    table,
    /^\| `sources\.<name>\.poll_interval` \| duration, 1s to 1d \| `1m` \| Time between two polls \| {2}\|$/m,
  );
});
