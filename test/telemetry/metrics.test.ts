import assert from "node:assert/strict";
import { test } from "node:test";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { movableClock } from "../slack/oauth/oauth-setting.ts";
import { delivered } from "../web/web-setting.ts";

const COUNTERS = [
  ...["read", "delivered", "seen", "filtered", "late", "set_aside"].map((what) => `slack_audit_receiver_entry_${what}`),
  "slack_audit_receiver_mapping_errors",
  "slack_audit_receiver_retry",
  "slack_audit_receiver_drift_noticed",
].map((name) => `${name}_total`);
const GAUGES = ["held", "authorized", "position_lag_seconds", "build_info"].map((n) => `slack_audit_receiver_${n}`);
const HISTOGRAMS = ["slack_audit_receiver_window_duration_seconds", "http_client_request_duration_seconds"];
const source = "acme";

function start() {
  const clock = movableClock();
  return { clock, ...createMetrics({ clock, version: "1.2.3", sources: [{ name: source, authorized: false }] }) };
}

test("text() has every instrument with its help and type from the start", async () => {
  const text = await start().text();
  const kinds = { counter: COUNTERS, gauge: GAUGES, histogram: HISTOGRAMS };
  for (const [kind, names] of Object.entries(kinds)) {
    for (const name of names) {
      assert.match(text, new RegExp(`^# HELP ${name} \\w`, "m"));
      assert.match(text, new RegExp(`^# TYPE ${name} ${kind}$`, "m"));
      const sample = kind === "histogram" ? `${name}_count` : name;
      assert.match(text, new RegExp(`^${sample}\\{.*\\} ${name.endsWith("info") ? 1 : 0}$`, "m"));
    }
  }
});

test("text() is valid exposition: every line is a comment or a sample of a declared family", async () => {
  const metrics = start();
  metrics.report(delivered({ source }));
  const families = new Set<string>();
  for (const line of (await metrics.text()).split("\n").filter(Boolean)) {
    const comment = /^# (?:HELP|TYPE|UNIT) ([a-zA-Z_][a-zA-Z0-9_]*) .+$/.exec(line);
    if (comment?.[1]) {
      families.add(comment[1]);
      continue;
    }
    const sample =
      /^([a-zA-Z_][a-zA-Z0-9_]*)\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\} (?:[-+]?\d[\d.e+-]*|\+Inf|NaN)$/.exec(
        line,
      );
    assert.ok(sample?.[1], line);
    assert.ok(families.has(sample[1]) || families.has(sample[1].replace(/_(bucket|sum|count)$/, "")), line);
  }
});

test("report() records the event in the instruments", async () => {
  const { report, text, clock } = start();
  report({ event: "authorized", source });
  report(delivered({ source }));
  report({ event: "records_set_aside", source, records: 2, why: "", file: "" });
  report({ event: "retrying", source, target: "collector", why: "", attempt: 1, after_ms: 1 });
  report({ event: "held", source, target: "slack", why: "", remedy: "", probe_ms: 1 });
  report({ event: "slack_answered", source, http_status: 503, duration_ms: 200 });
  report({
    event: "slack_unreachable",
    source,
    why: "connect to 10.0.0.1",
    error_type: "ECONNREFUSED",
    duration_ms: 10,
  });
  report({ event: "slack_unreachable", source, why: "no answer in time", error_type: "timeout", duration_ms: 10 });
  report({
    event: "slack_unreachable",
    source,
    why: "something about 10.0.0.1",
    error_type: "_OTHER",
    duration_ms: 10,
  });
  clock.advance(1_000);
  const lines = (await text()).split("\n");
  const expected = [
    'slack_audit_receiver_entry_read_total{source="acme"} 10',
    'slack_audit_receiver_entry_delivered_total{source="acme"} 7',
    'slack_audit_receiver_entry_seen_total{source="acme"} 2',
    'slack_audit_receiver_entry_filtered_total{source="acme"} 1',
    'slack_audit_receiver_entry_late_total{source="acme"} 1',
    'slack_audit_receiver_entry_set_aside_total{source="acme"} 2',
    'slack_audit_receiver_mapping_errors_total{source="acme"} 1',
    'slack_audit_receiver_retry_total{source="acme",target="collector"} 1',
    'slack_audit_receiver_held{source="acme",target="slack"} 1',
    'slack_audit_receiver_held{source="acme",target="collector"} 0',
    'slack_audit_receiver_authorized{source="acme"} 1',
    'slack_audit_receiver_window_duration_seconds_sum{source="acme"} 1.5',
    'slack_audit_receiver_position_lag_seconds{source="acme"} 246',
    'slack_audit_receiver_build_info{version="1.2.3"} 1',
    'http_client_request_duration_seconds_count{source="acme",http_response_status_code="503",error_type="503"} 1',
    'http_client_request_duration_seconds_count{source="acme",error_type="ECONNREFUSED"} 1',
    'http_client_request_duration_seconds_count{source="acme",error_type="timeout"} 1',
    'http_client_request_duration_seconds_count{source="acme",error_type="_OTHER"} 1',
  ];
  for (const line of expected) assert.ok(lines.includes(line), line);
  assert.ok(!lines.some((line) => line.includes("10.0.0.1")));
});

test("report() ends a hold when the target resumes, a window is delivered or a grant arrives", async () => {
  const { report, text } = start();
  const held = async () => /held\{source="acme",target="slack"\} (\d)/.exec(await text())?.[1];
  const hold = () => report({ event: "held", source, target: "slack", why: "", remedy: "", probe_ms: 1 });
  hold();
  assert.equal(await held(), "1");
  report({ event: "resumed", source, target: "slack", after_ms: 1 });
  assert.equal(await held(), "0");
  hold();
  report(delivered({ source }));
  assert.equal(await held(), "0");
  hold();
  report({ event: "authorized", source });
  assert.equal(await held(), "0");
});
