import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { Fault } from "../../../src/demo/slack/faults.ts";
import type { Outcome } from "../../../src/model.ts";
import { type LogsResponse, logsUrl, type SlackRefusal } from "../../../src/slack/api/client.ts";
import { slackErrorCodes, slackFault } from "../../../src/slack/api/errors.ts";
import { type SlackSetting, startSlackSetting } from "../../support/slack-setting.ts";

type LogsOutcome = Outcome<LogsResponse, SlackRefusal>;

let setting: SlackSetting;
const never = new AbortController().signal;

before(async () => {
  setting = await startSlackSetting();
});
afterEach(() => {
  setting.slack.intercept = undefined;
});
after(() => setting[Symbol.asyncDispose]());

/** The outcome of a request that Slack answers with this fault. It never contains the token. */
async function outcomeOf(fault: Fault, query: { cursor?: string } = {}): Promise<LogsOutcome> {
  const { slack, client } = setting;
  slack.intercept = () => fault;
  const outcome = await client.logs({ limit: 10, ...query }, slack.token, never);
  assert.ok(!JSON.stringify(outcome).includes(slack.token.slice(5)));
  return outcome;
}

function errorAnswer(status: number, code: string): Fault {
  return { status, body: JSON.stringify({ ok: false, error: code }) };
}

function kindOf(outcome: LogsOutcome): string {
  return outcome.status === "refused" ? outcome.refusal.kind : outcome.status;
}

function whyOf(outcome: LogsOutcome): string {
  if (outcome.status === "ok") return "";
  return outcome.status === "refused" ? outcome.refusal.why : outcome.why;
}

test("logs() returns the answer and Slack's time", async () => {
  const { slack, client, clock } = setting;
  const outcome = await client.logs({ limit: 1 }, slack.token, never);
  assert.equal(outcome.status, "ok");
  if (outcome.status !== "ok") return;
  assert.deepEqual(JSON.parse(outcome.value.body.toString()).entries, []);
  assert.equal(outcome.value.date, Math.floor(clock.now() / 1_000));
});

test("logs() reuses the buffer of an answer only after its release", async () => {
  const { slack, client } = setting;
  const bodyOf = async (body: string) => {
    slack.intercept = () => ({ status: 200, body });
    const outcome = await client.logs({ limit: 1 }, slack.token, never);
    assert.ok(outcome.status === "ok");
    return outcome.value.body;
  };
  const texts = ["first", "second", "third"].map((text) => `{"entries":["${text.repeat(50)}"]}`);
  const [first, second] = [await bodyOf(texts[0] ?? ""), await bodyOf(texts[1] ?? "")];
  assert.deepEqual([first, second].map(String), texts.slice(0, 2));
  client.release(first);
  const third = await bodyOf(texts[2] ?? "");
  assert.equal(third.buffer, first.buffer);
  assert.deepEqual([second, third].map(String), texts.slice(1));
});

test("logs() sends the bounds with every page, and the token in a header", async () => {
  const { slack, client } = setting;
  await client.logs({ oldest: 5, latest: 9, limit: 10, cursor: "a+b/c==" }, slack.token, never);
  const request = slack.requests.at(-1);
  assert.equal(request?.method, "GET");
  assert.equal(request?.path, "/audit/v1/logs");
  assert.deepEqual(request?.query, { oldest: "5", latest: "9", limit: "10", cursor: "a+b/c==" });
  assert.equal(request?.authorization, true);
});

test("logsUrl() omits absent parameters, and accepts a URL with slashes at its end", () => {
  assert.equal(logsUrl("https://api.slack.com/audit/v1", { limit: 1 }), "https://api.slack.com/audit/v1/logs?limit=1");
  assert.equal(logsUrl("https://h/x//", { limit: 1, oldest: 0 }), "https://h/x/logs?oldest=0&limit=1");
});

for (const code of slackErrorCodes) {
  const kind = slackFault(code)?.kind;
  test(`logs() returns ${kind} when Slack answers ${code} with any status`, async () => {
    for (const status of [200, 400, 401, 403, 404]) {
      const outcome = await outcomeOf(errorAnswer(status, code));
      assert.equal(kindOf(outcome), kind);
      assert.match(whyOf(outcome), new RegExp(`^Slack answered ${status} ${code}: `));
    }
    // The status of an outage counts more than the code.
    for (const status of [429, 500, 503]) assert.equal(kindOf(await outcomeOf(errorAnswer(status, code))), "retry");
  });
}

const UNNAMED: readonly (readonly [what: string, fault: Fault, kind: string])[] = [
  ["500", { status: 500 }, "retry"],
  ["502 with a page of HTML", { status: 502, body: "<h1>Bad gateway</h1>" }, "retry"],
  ["408", { status: 408 }, "retry"],
  ["429", { status: 429 }, "retry"],
  ["401 without a body", { status: 401 }, "hold"],
  ["403 with a page of HTML", { status: 403, body: "<h1>Forbidden</h1>" }, "hold"],
  ["401 with the sign-on page of a proxy", { status: 401, body: "<!doctype html><title>Sign in</title>" }, "hold"],
  ["403 with the JSON of a gateway", { status: 403, body: '{"message":"Forbidden"}' }, "hold"],
  ["401 with an unknown code", errorAnswer(401, "brand_new_fault"), "token"],
  ["400 without a body", { status: 400 }, "hold"],
  ["404 without a body", { status: 404 }, "hold"],
  ["407 of a proxy", { status: 407 }, "hold"],
  ["302 to another host", { status: 302, headers: { location: "https://elsewhere.example/" } }, "hold"],
  ["204", { status: 204 }, "hold"],
  ["an unknown code", errorAnswer(400, "brand_new_fault"), "hold"],
  ["200 with an unknown code", errorAnswer(200, "brand_new_fault"), "retry"],
  ["200 with ok: false and no code", { status: 200, body: '{"ok":false}' }, "retry"],
  ["200 with ok: false and a code that is no word", { status: 200, body: '{"ok":false,"error":"<b> x"}' }, "retry"],
  ["200 with an error beside ok: true", { status: 200, body: '{"ok":true,"error":"fatal_error"}' }, "retry"],
  ["a broken connection", { reset: true }, "retry"],
  ["an answer that breaks off", { cutAfterBytes: 3 }, "retry"],
  ["gzip that cannot be unpacked", { badGzip: true }, "retry"],
];

for (const [what, fault, kind] of UNNAMED) {
  test(`logs() returns ${kind} when the answer is ${what}`, async () => {
    assert.equal(kindOf(await outcomeOf(fault)), kind);
  });
}

test("logs() returns a refusal of the cursor when a request with a cursor gets an unknown error", async () => {
  for (const fault of [{ status: 400 }, errorAnswer(400, "brand_new_fault")]) {
    assert.equal(kindOf(await outcomeOf(fault, { cursor: "x" })), "cursor");
  }
  assert.equal(kindOf(await outcomeOf(errorAnswer(400, "missing_scope"), { cursor: "x" })), "token");
  assert.equal(kindOf(await outcomeOf({ status: 404 }, { cursor: "x" })), "hold");
});

test("logs() returns any 200 that is not an error, even if it is not a page", async () => {
  for (const body of ["<!doctype html>", "", "[]", "null", '{"entries":[']) {
    assert.equal(kindOf(await outcomeOf({ status: 200, body })), "ok");
  }
  assert.equal(kindOf(await outcomeOf({ truncateJson: 5 })), "ok");
});

test("logs() returns the time of Retry-After, at least a second and at most an hour", async () => {
  const { clock } = setting;
  const inTwoMinutes = new Date(Math.floor(clock.now() / 1_000) * 1_000 + 120_000).toUTCString();
  const rows: readonly (readonly [header: string, afterMs: number | undefined])[] = [
    ["30", 30_000],
    ["3600", 3_600_000],
    ["86400", 3_600_000],
    ["999999999", 3_600_000],
    ["1000000000000", 3_600_000],
    ["0", 1_000],
    [inTwoMinutes, 120_000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 1_000],
    ["soon", undefined],
    ["", undefined],
  ];
  for (const [header, afterMs] of rows) {
    for (const status of [429, 503]) {
      const outcome = await outcomeOf({ status, headers: { "retry-after": header } });
      assert.equal(outcome.status, "retry");
      assert.equal(outcome.status === "retry" ? outcome.afterMs : "", afterMs, header);
    }
  }
  const outcome = await outcomeOf({ status: 429 });
  assert.ok(outcome.status === "retry" && outcome.afterMs === undefined);
});

test("logs() returns retry when no answer comes in time", async () => {
  const { slack, client, clock } = setting;
  slack.intercept = () => {
    clock.advance(30_000);
    return { stall: true };
  };
  const outcome = await client.logs({ limit: 1 }, slack.token, never);
  assert.deepEqual(outcome, { status: "retry", why: "Slack did not answer: no answer in time" });
});

test("logs() returns retry when the connection is refused", async () => {
  const { slack, client } = setting;
  await slack.pause();
  const outcome = await client.logs({ limit: 1 }, slack.token, never);
  await slack.resume();
  assert.equal(outcome.status, "retry");
  assert.match(whyOf(outcome), /^Slack did not answer: /);
});

test("logs() rejects with the signal's reason when it aborts", async () => {
  const { slack, client } = setting;
  const stopping = new AbortController();
  slack.intercept = () => {
    stopping.abort(new Error("stopping"));
    return { stall: true };
  };
  await assert.rejects(client.logs({ limit: 1 }, slack.token, stopping.signal), /^Error: stopping$/);
});

test("logs() returns no time when the answer has no valid Date", async () => {
  const { slack, client } = setting;
  slack.intercept = () => ({ rewrite: (answer) => ({ ...answer, headers: { ...answer.headers, date: "today" } }) });
  const outcome = await client.logs({ limit: 1 }, slack.token, never);
  assert.ok(outcome.status === "ok" && !("date" in outcome.value));
});

test("logs() reports each answer and each request without an answer, without the token", async () => {
  const { slack, events } = setting;
  events.length = 0;
  await outcomeOf({ status: 503 });
  await outcomeOf({ reset: true });
  assert.deepEqual(
    events.map(({ event }) => event),
    ["slack_answered", "slack_unreachable"],
  );
  assert.ok(!JSON.stringify(events).includes(slack.token));
});

test("logs() never reveals a token that is not valid in a header", async () => {
  const token = "xoxp-1-secret\nx: y";
  const outcome = await setting.client.logs({ limit: 1 }, token, never);
  assert.equal(outcome.status, "retry");
  assert.ok(!JSON.stringify([outcome, setting.events]).includes("secret"));
});
