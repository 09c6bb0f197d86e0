import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { makeEntries, nowSeconds, startAt } from "./entries.ts";
import { startSetting } from "./setting.ts";

const SAMPLE =
  /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="(\\.|[^"\\])*",?)*\})? (-?[0-9.]+([eE][-+]?[0-9]+)?|[-+]?Inf|NaN)$/;

test("daemon is alive at once, and ready after the first delivered window", async () => {
  await using setting = await startSetting();
  const from = nowSeconds() - 60;
  setting.slack.addMany(makeEntries(20, { from, stretch: 60 }));
  const open = Promise.withResolvers<undefined>();
  setting.slack.intercept = () => open.promise;
  const daemon = await setting.daemon({ source: { start_at: startAt(from), exclude_actions: ["nothing_like_it"] } });

  assert.equal((await daemon.get("/healthz")).status, 200);
  const early = await daemon.get("/readyz");
  assert.equal(early.status, 503);
  const { ready, sources } = (await early.json()) as { ready: boolean; sources: Record<string, { reason: string }> };
  assert.equal(ready, false);
  assert.match(sources.acme?.reason ?? "", /nothing is delivered yet/);

  open.resolve(undefined);
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);
  assert.equal((await daemon.get("/readyz")).status, 200);
});

test("daemon shows each source in status.json, on its page and in metrics", async () => {
  await using setting = await startSetting();
  const { slack } = setting;
  const from = nowSeconds() - 60;
  slack.addMany(makeEntries(20, { from, stretch: 60 }));
  const daemon = await setting.daemon({ source: { start_at: startAt(from) } });
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);

  const { version, sources, ready } = await daemon.status();
  assert.match(version, /^\d+\.\d+\.\d+/);
  assert.equal(ready, true);
  const { acme } = sources;
  assert.deepEqual(
    { state: acme?.state, reason: acme?.reason, delivered: acme?.counts.delivered, organisation: acme?.organisation },
    { state: "live", reason: null, delivered: 20, organisation: slack.organisation },
  );
  assert.ok(Number.isInteger(acme?.lag_seconds) && (acme?.lag_seconds ?? 99) < 30);
  for (const time of [acme?.position, acme?.last_poll])
    assert.ok(Date.parse(time ?? "") > (from - 1) * 1_000, `${time}`);

  const page = await (await daemon.get("/")).text();
  for (const part of ["acme", "live", slack.organisation.name]) assert.ok(page.includes(part), part);

  const metrics = await (await daemon.get("/metrics")).text();
  for (const line of metrics.trim().split("\n")) {
    if (!line.startsWith("# ")) assert.match(line, SAMPLE);
  }
  assert.match(metrics, /^slack_audit_receiver_\w*delivered\w*_total\{[^}]*source="acme"[^}]*\} 20$/m);
});

test("daemon's metrics pass the checks of Prometheus", {
  skip: hasPromtool() ? false : "promtool is not here",
}, async () => {
  await using setting = await startSetting();
  const daemon = await setting.daemon({});
  await daemon.until("window_delivered");
  const input = await (await daemon.get("/metrics")).text();
  const { status, stderr, stdout } = spawnSync("promtool", ["check", "metrics"], { input, encoding: "utf8" });
  assert.equal(status, 0, stderr + stdout);
});

test("daemon puts security headers on every answer", async () => {
  await using setting = await startSetting();
  const daemon = await setting.daemon({});
  for (const path of ["/", "/healthz", "/readyz", "/metrics", "/status.json", "/setup/acme", "/nowhere"]) {
    const { headers } = await daemon.get(path);
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'.*frame-ancestors 'none'/, path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.equal(headers.get("referrer-policy"), "no-referrer", path);
    assert.equal(headers.get("cache-control"), "no-store", path);
  }
  assert.equal((await daemon.get("/", { method: "DELETE" })).status, 405);
});

function hasPromtool(): boolean {
  return spawnSync("promtool", ["--version"]).status === 0;
}
