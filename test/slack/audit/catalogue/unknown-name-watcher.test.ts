import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../../../src/events.ts";
import type { Clock } from "../../../../src/runtime/clock.ts";
import type { Http } from "../../../../src/runtime/http.ts";
import { createRateLimiter } from "../../../../src/runtime/rate-limiter.ts";
import { createUnknownNameWatcher } from "../../../../src/slack/audit/catalogue/unknown-name-watcher.ts";
import { knownActions } from "../../../../src/slack/audit/mapping/actions.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { mapEntry } from "../../../support/map-entry.ts";

const DAY_MS = 86_400_000;

function startWatcher(answer: (path: string) => { status: number; body: string }) {
  const clock = steppedClock();
  const stopping = new AbortController();
  const events: Event[] = [];
  const requests: { url: string; headers: object }[] = [];
  const http: Http = {
    async send(url, { headers = {} }, signal) {
      signal.throwIfAborted();
      requests.push({ url, headers });
      const { status, body } = answer(new URL(url).pathname);
      return { status, headers: {}, body: Buffer.from(body) };
    },
    close: async () => {},
  };
  const watcher = createUnknownNameWatcher({
    source: "acme",
    auditUrl: "https://slack.test/audit/v1/",
    http,
    clock,
    rateLimiter: createRateLimiter(40, clock),
    report: (event) => void events.push(event),
  });
  const watching = watcher.watch(stopping.signal);
  return { clock, events, requests, watcher, stopping, watching };
}

/** A clock whose `advance` ends a sleep, and resolves at the next one. */
function steppedClock() {
  const still = createManualClock();
  let sleeping: { ms: number; wake: () => void } | undefined;
  const clock: Clock = {
    ...still,
    sleep: (ms, signal) =>
      new Promise((wake, reject) => {
        if (signal.aborted) return reject(signal.reason);
        sleeping = { ms, wake };
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
  };
  return {
    ...clock,
    async advance(ms: number) {
      assert.equal(sleeping?.ms, ms);
      still.advance(ms);
      sleeping?.wake();
      sleeping = undefined;
      for (let turn = 0; turn < 50 && !sleeping; turn++) await Promise.resolve();
      assert.ok(sleeping, "it sleeps again");
    },
  };
}

const lists = (actions: object, schemas: object) => (path: string) => ({
  status: 200,
  body: JSON.stringify(path.endsWith("/actions") ? { actions } : { schemas }),
});

const named = (events: readonly Event[]) =>
  events.map((event) => (event.event === "drift_noticed" ? `${event.kind} ${event.name}` : event.event));

test("watch() reports each name that Slack's lists have and the tables do not have, once", async () => {
  const setting = startWatcher(
    lists({ user: ["user_login", "user_teleported"], fresh: ["user_teleported"] }, [
      { type: "file", file: { id: "string", weight: "int" } },
      { type: "hologram", hologram: { id: "string" } },
    ]),
  );
  assert.deepEqual(setting.requests, [], "the first polls go first");
  await setting.clock.advance(60_000);
  assert.deepEqual(named(setting.events), [
    "action user_teleported",
    "member entity.file.weight",
    "entity_type hologram",
  ]);
  assert.deepEqual(
    setting.requests.map(({ url }) => url),
    ["https://slack.test/audit/v1/actions", "https://slack.test/audit/v1/schemas"],
  );
  assert.ok(
    setting.requests.every(({ headers }) => !("authorization" in headers)),
    "no token is sent",
  );
  await setting.clock.advance(DAY_MS);
  assert.equal(setting.requests.length, 4);
  assert.equal(setting.events.length, 3, "nothing is named twice");
  setting.stopping.abort();
  await setting.watching;
});

test("watch() survives any answer, and sends the next requests a day later", async () => {
  const bodies = [
    "<html>",
    "null",
    "[]",
    '{"actions":3,"schemas":"x"}',
    '{"actions":{"a":[1,null,""]},"schemas":[{},null,{"type":"file"}]}',
  ];
  for (const body of bodies) {
    const setting = startWatcher(() => ({ status: 200, body }));
    await setting.clock.advance(60_000);
    assert.ok(
      setting.events.every(({ event }) => event === "catalogue_unavailable"),
      body,
    );
    setting.stopping.abort();
    await setting.watching;
  }
  const setting = startWatcher(() => ({ status: 404, body: "" }));
  await setting.clock.advance(60_000);
  assert.deepEqual(named(setting.events), ["catalogue_unavailable", "catalogue_unavailable"]);
  await setting.clock.advance(DAY_MS);
  assert.equal(setting.requests.length, 4, "two requests a day and no more");
  setting.stopping.abort();
  await setting.watching;
});

test("watch() resolves when the signal aborts before the first request", async () => {
  const setting = startWatcher(lists({}, []));
  setting.stopping.abort();
  await setting.watching;
  assert.deepEqual(setting.requests, []);
});

test("reportUnknown() reports each name once, and at most 1,000 names", async () => {
  const { events, watcher, stopping, watching } = startWatcher(lists({}, []));
  const entry = {
    action: "user_teleported",
    actor: { type: "user", user: { id: "U1", mood: "calm" } },
    entity: { type: "hologram", hologram: { id: "H1" } },
    context: { planet: "Mars", location: { type: "workspace", floor: 3 } },
    details: { velocity: 3, reason: "why not" },
    extra: true,
  };
  for (let round = 0; round < 3; round++) mapEntry(entry, { reportUnknown: watcher.reportUnknown });
  assert.deepEqual(named(events), [
    "action user_teleported",
    "member actor.user.mood",
    "entity_type hologram",
    "member context.planet",
    "member context.location.floor",
    "member details.velocity",
    "member extra",
  ]);
  for (let index = 0; index < 5_000; index++) watcher.reportUnknown("member", `details.${"x".repeat(500)}${index}`);
  assert.equal(events.length, 8, "names are cut short");
  for (let index = 0; index < 5_000; index++) watcher.reportUnknown("member", `details.x${index}`);
  assert.equal(events.length, 1_000);
  stopping.abort();
  await watching;
});

test("reportUnknown() is not called for names in the tables", () => {
  for (const action of knownActions) {
    mapEntry({ action }, { reportUnknown: (kind, name) => assert.fail(`${kind} ${name}`) });
  }
});
