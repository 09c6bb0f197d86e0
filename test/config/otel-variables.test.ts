import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOf, load, SOURCE } from "./load-text.ts";
import { CERTIFICATE } from "./tls-files.ts";

const exported = async (env: NodeJS.ProcessEnv, text = "") => (await load(SOURCE + text, { env })).export;
const attributes = async (env: NodeJS.ProcessEnv, text = "") =>
  (await load(SOURCE + text, { env })).mapping.resourceAttributes;

test("variables set the keys that the file does not", async () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.example/otlp/",
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20a%3Db, x-tenant = one,",
    OTEL_EXPORTER_OTLP_COMPRESSION: "none",
    OTEL_EXPORTER_OTLP_TIMEOUT: "2500",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_CERTIFICATE: "",
  };
  const { url, headers, compression, timeoutMs, protocol, tls } = await exported(env);
  assert.equal(url, "https://collector.example/otlp/v1/logs");
  assert.deepEqual(headers, { authorization: "Bearer a=b", "x-tenant": "one" });
  assert.deepEqual([compression, timeoutMs, protocol, tls], ["none", 2_500, "http/json", {}]);
  assert.deepEqual((await load(SOURCE, { env })).secrets, ["xoxp-1", "Bearer a=b", "one"]);
});

test("the variable for logs wins", async () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://a.example",
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://b.example/x",
    OTEL_EXPORTER_OTLP_HEADERS: "a=1",
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: "b=2",
    OTEL_EXPORTER_OTLP_TIMEOUT: "1000",
    OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: "2000",
  };
  const { url, headers, timeoutMs } = await exported(env);
  assert.deepEqual([url, headers, timeoutMs], ["http://b.example/x", { b: "2" }, 2_000]);
});

test("the file wins over variables", async () => {
  const env = {
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://b.example/x",
    OTEL_EXPORTER_OTLP_HEADERS: "a=1",
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
  };
  const text = "export: { endpoint: 'http://c.example', headers: {}, protocol: http/json }";
  const { url, headers } = await exported(env, text);
  assert.deepEqual([url, headers], ["http://c.example/v1/logs", {}]);
});

test("resource attributes are merged one by one", async () => {
  const env = { OTEL_RESOURCE_ATTRIBUTES: "service.name=a,team=x%2Cy,zone=1", OTEL_SERVICE_NAME: "b" };
  assert.deepEqual(await attributes(env), { "service.name": "b", team: "x,y", zone: "1" });
  assert.deepEqual(await attributes(env, "mapping: { resource_attributes: { service.name: c, zone: '2' } }"), {
    "service.name": "c",
    team: "x,y",
    zone: "2",
  });
});

test("certificates are read from the files that the variables name", async () => {
  const env = { OTEL_EXPORTER_OTLP_CERTIFICATE: "/ca" };
  assert.deepEqual((await load(SOURCE, { env, files: { "/ca": CERTIFICATE } })).export.tls, { ca: CERTIFICATE });
});

test("a fault of a variable names the variable", async () => {
  const faults = await faultsOf(SOURCE, {
    env: {
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "grpc",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization",
      OTEL_EXPORTER_OTLP_TIMEOUT: "50",
      OTEL_EXPORTER_OTLP_ENDPOINT: "localhost",
      OTEL_EXPORTER_OTLP_CLIENT_KEY: "/none",
      OTEL_RESOURCE_ATTRIBUTES: "a=%",
    },
  });
  const list = "must be a list such as name=value,name=value with percent-encoded values";
  assert.deepEqual(faults, [
    `Cannot use OTEL_EXPORTER_OTLP_HEADERS: ${list}`,
    `Cannot use OTEL_RESOURCE_ATTRIBUTES: ${list}`,
    "Cannot use OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL that begins with http:// or https://",
    'Cannot use OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: must be one of the possible values: ["http/protobuf","http/json"]',
    "Cannot use OTEL_EXPORTER_OTLP_TIMEOUT: must be a duration from 100ms to 10m, such as 10s",
    "Cannot use OTEL_EXPORTER_OTLP_CLIENT_KEY: its certificate is missing; give cert_file as well",
  ]);
});

test("a variable's headers may not hold one that the receiver sets itself", async () => {
  const faults = await faultsOf(SOURCE, {
    env: { OTEL_EXPORTER_OTLP_HEADERS: "authorization=a,CONTENT-type=text%2Fplain,host=h" },
  });
  assert.deepEqual(faults, [
    'Cannot use OTEL_EXPORTER_OTLP_HEADERS: "CONTENT-type" is set by the receiver itself; remove it; "host" is set by the receiver itself; remove it',
  ]);
});
