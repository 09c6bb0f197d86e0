import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../src/events.ts";
import type { SourceStart } from "../../src/telemetry/source-state.ts";
import { createStatus } from "../../src/telemetry/status.ts";
import { movableClock } from "../slack/oauth/oauth-setting.ts";
import { delivered } from "../web/web-setting.ts";

function follow(start: Omit<SourceStart, "name"> = { authorized: true }) {
  const clock = movableClock();
  const status = createStatus({ clock, version: "1.2.3", sources: [{ name: "acme", ...start }] });
  const acme = (...events: Event[]) => {
    for (const event of events) status.report(event);
    const { acme } = status.snapshot().sources;
    assert.ok(acme);
    return acme;
  };
  return { clock, status, acme };
}

const source = "acme";
const retrying: Event = { event: "retrying", source, target: "collector", why: "it is down", attempt: 1, after_ms: 1 };
const held: Event = { event: "held", source, target: "slack", why: "no plan", remedy: "buy one", probe_ms: 1 };
const resumed = (target: "slack" | "collector"): Event => ({ event: "resumed", source, target, after_ms: 1 });

test("snapshot() starts waiting for an authorization, or catching up, and is not ready", () => {
  const waiting = follow({ authorized: false }).acme();
  assert.equal(waiting.state, "waiting_for_authorization");
  assert.ok(!waiting.ready && waiting.reason && waiting.remedy);
  const known = follow({ authorized: true, position: 1_767_323_000, organisation: { id: "E1", name: "Acme" } });
  const started = known.acme();
  assert.equal(started.state, "catching_up");
  assert.equal(started.position, "2026-01-02T03:03:20Z");
  assert.equal(started.lag_seconds, 45);
  assert.deepEqual(started.organisation, { id: "E1", name: "Acme", domain: null });
  assert.ok(!started.ready && !known.status.snapshot().ready);
});

test("snapshot() lists at most 200 unknown names", () => {
  const { acme } = follow();
  assert.deepEqual(acme().drift, []);
  assert.deepEqual(acme({ event: "drift_noticed", source, kind: "action", name: "user_teleported" }).drift, [
    { kind: "action", name: "user_teleported" },
  ]);
  const many = Array.from({ length: 300 }, (_, index): Event => {
    return { event: "drift_noticed", source, kind: "member", name: `details.x${index}` };
  });
  assert.equal(acme(...many).drift.length, 200);
});

test("snapshot() is live after a delivered window, and counts entries", () => {
  const { acme, clock, status } = follow({ authorized: false });
  const authorized = acme({ event: "authorized", source, organisation: { id: "E1" } });
  assert.equal(authorized.state, "catching_up");
  assert.equal(authorized.authorized_at, "2026-01-02T03:04:05Z");
  assert.equal(acme(delivered({ catching_up: true })).state, "catching_up");
  const live = acme({ event: "slack_answered", source, http_status: 200, duration_ms: 1 }, delivered());
  assert.equal(live.state, "live");
  assert.ok(live.ready && live.reason === null && live.remedy === null);
  assert.equal(live.last_poll, "2026-01-02T03:04:05Z");
  assert.equal(live.position, "2026-01-02T03:00:00Z");
  assert.deepEqual(live.counts, {
    read: 20,
    delivered: 14,
    seen: 4,
    filtered: 2,
    set_aside: 0,
    mapping_errors: 2,
    retries: 0,
  });
  clock.advance(60_000);
  assert.equal(acme().lag_seconds, 305);
  assert.equal(status.snapshot().uptime_seconds, 60);
  assert.ok(status.snapshot().ready);
});

test("snapshot() keeps the state during retries, but is not ready", () => {
  const { acme } = follow();
  const trying = acme(delivered(), retrying);
  assert.deepEqual([trying.state, trying.ready, trying.reason], ["live", false, "it is down"]);
  assert.equal(trying.counts.retries, 1);
  assert.ok(acme(resumed("collector")).ready);
  assert.ok(!acme(retrying).ready);
  assert.ok(acme(delivered()).ready);
});

test("snapshot() is held until the target resumes, even if its probes fail", () => {
  const { acme } = follow();
  const first = acme(delivered(), retrying, held);
  assert.deepEqual([first.state, first.reason, first.remedy], ["held", "no plan", "buy one"]);
  assert.equal(acme({ ...retrying, target: "slack", why: "503" } as Event).reason, "no plan");
  assert.equal(acme(resumed("collector")).state, "held");
  assert.deepEqual(acme(resumed("slack")).state, "live");
});

test("snapshot() shows why an authorization was refused, until there is a new one", () => {
  const { acme } = follow();
  const reopened = acme(
    delivered(),
    held,
    { event: "authorization_refused", source, why: "the token was revoked" },
    { event: "authorization_needed", source, command: "slack-audit-receiver setup-link --source acme" },
  );
  assert.deepEqual([reopened.state, reopened.reason], ["waiting_for_authorization", "the token was revoked"]);
  assert.match(reopened.remedy ?? "", /setup-link --source acme/);
  const again = acme({ event: "authorized", source });
  assert.deepEqual([again.state, again.reason, again.ready], ["live", null, true]);
});

test("snapshot() shows a failed source as held, and counts set-aside records", () => {
  const { acme, status } = follow();
  const failed = acme(
    { event: "records_set_aside", source, records: 3, why: "400", file: "/x" },
    { event: "failed", source, why: "a bug\n    at line 1" },
    { event: "failed", why: "not of a source" },
    { event: "lock_unavailable", why: "x" },
    delivered({ source: "unknown" }),
  );
  assert.deepEqual([failed.state, failed.reason, failed.counts.set_aside], ["held", "a bug", 3]);
  assert.deepEqual(Object.keys(status.snapshot().sources), ["acme"]);
});
