import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { startServer } from "../../src/web/server.ts";
import { delivered, fakeSetup, KEY, raw, startWeb } from "./web-setting.ts";

const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

test("every answer has the security headers", async () => {
  await using web = await startWeb({ setups: [fakeSetup()] });
  const requests = [
    { path: "/" },
    { path: "/healthz" },
    { path: "/readyz" },
    { path: "/metrics" },
    { path: "/status.json" },
    { path: `/setup/acme?key=${KEY}` },
    { path: "/setup/acme?key=wrong" },
    { path: "/oauth/callback?error=access_denied" },
    { path: "/nothing" },
    { path: "//evil.example/%2e%2e/" },
    { path: "/", headers: { host: "not a host" } },
    { path: "http://evil.example/" },
    { method: "PUT" },
    { method: "TRACE" },
    { method: "OPTIONS" },
    { method: "POST", path: "/healthz" },
  ];
  for (const request of requests) {
    const { status, headers } = await raw(web.address, request);
    const name = `${request.method ?? "GET"} ${request.path ?? "/"} ${status}`;
    for (const [header, value] of Object.entries(HEADERS)) assert.equal(headers[header], value, `${name} ${header}`);
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+';.*frame-ancestors 'none'/, name);
    assert.doesNotMatch(policy, /unsafe|script/);
    assert.equal(headers.location, undefined);
    assert.equal(headers["strict-transport-security"], undefined);
  }
});

test("methods other than GET, HEAD and POST, and addresses of other servers, are rejected", async () => {
  await using web = await startWeb();
  for (const method of ["PUT", "DELETE", "TRACE", "OPTIONS", "PATCH"]) {
    const answer = await raw(web.address, { method });
    assert.deepEqual([answer.status, answer.headers.allow], [405, "GET, HEAD, POST"]);
  }
  assert.equal((await raw(web.address, { path: "http://evil.example/status.json" })).status, 400);
  assert.equal((await raw(web.address, { method: "HEAD", path: "/healthz" })).status, 200);
  assert.equal((await raw(web.address, { headers: { "x-long": "x".repeat(33_000) } })).status, 431);
});

test("/healthz answers while the process runs; /readyz says what is missing", async () => {
  await using web = await startWeb();
  const health = await fetch(`${web.address}/healthz`);
  assert.deepEqual([health.status, await health.text()], [200, "ok"]);
  const before = await fetch(`${web.address}/readyz`);
  assert.equal(before.status, 503);
  assert.deepEqual(await before.json(), {
    ready: false,
    sources: { acme: { ready: false, state: "catching_up", reason: "nothing is delivered yet since the start" } },
  });
  web.report(delivered());
  const after = await fetch(`${web.address}/readyz`);
  assert.equal(after.status, 200);
  assert.deepEqual(await after.json(), {
    ready: true,
    sources: { acme: { ready: true, state: "live", reason: null } },
  });
});

test("/metrics is Prometheus text, /status.json is the snapshot", async () => {
  await using web = await startWeb();
  const metrics = await fetch(`${web.address}/metrics`);
  assert.equal(metrics.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.match(await metrics.text(), /slack_audit_receiver_entry_read_total/);
  const status = (await (await fetch(`${web.address}/status.json`)).json()) as Record<string, unknown>;
  assert.deepEqual(Object.keys(status), ["version", "started_at", "uptime_seconds", "ready", "sources"]);
});

test("the status page escapes text from Slack", async () => {
  const hostile = `<img src=x onerror="alert(1)">'&`;
  await using web = await startWeb({
    sources: [{ name: "acme", authorized: true, organisation: { id: "E1", name: hostile, domain: hostile } }],
  });
  web.report(delivered({ read: 12_345 }));
  web.report({ event: "held", source: "acme", target: "slack", why: hostile, remedy: hostile, probe_ms: 1 });
  const answer = await fetch(web.address);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
  const page = await answer.text();
  assert.ok(!page.includes("<img") && page.includes("&lt;img"));
  assert.doesNotMatch(page, /<script/);
  for (const part of ["held", "12,345", "2026-01-02 03:00:00 UTC", "4 minutes 5 seconds", "1.2.3", 'href="metrics"']) {
    assert.ok(page.includes(part), part);
  }
  assert.match(page, /<meta http-equiv="refresh" content="5"/);
});

test("startServer() names the key to change when it cannot listen", async () => {
  await using web = await startWeb();
  const port = Number(new URL(web.address).port);
  const again = () =>
    startServer(
      {
        clock: web.clock,
        report: web.report,
        status: () => {
          throw new Error("unused");
        },
        metrics: async () => "",
        setups: [],
      },
      { host: "127.0.0.1", port, tls: {} },
    );
  await assert.rejects(again, {
    message: `Cannot listen on 127.0.0.1:${port}: another program uses the port, change http.listen`,
  });
});

test("close() ends open connections at once", async () => {
  const web = await startWeb();
  const { port } = new URL(web.address);
  const idle = connect(Number(port), "127.0.0.1");
  await new Promise((resolve) => idle.once("connect", resolve));
  const gone = new Promise((resolve) => idle.once("close", resolve));
  idle.on("error", () => {});
  idle.write("GET / HTTP/1.1\r\n");
  await web.close();
  await gone;
  await assert.rejects(fetch(web.address));
});
