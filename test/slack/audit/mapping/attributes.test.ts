import assert from "node:assert/strict";
import { test } from "node:test";
import { mapEntry } from "../../../support/map-entry.ts";

/** The attributes of an entry without those that every record has. */
function attributesOf(entry: string | object): Record<string, unknown> {
  const { "log.record.uid": _uid, "slack.audit.category": _category, ...attributes } = mapEntry(entry).attributes;
  return attributes;
}

const actor = (members: unknown) => ({ actor: members });
const user = (members: unknown) => ({ actor: { user: members } });
const entity = (members: unknown) => ({ entity: members });
const context = (members: unknown) => ({ context: members });
const details = (members: unknown) => ({ details: members });

const TABLE: readonly (readonly [entry: object, attributes: Record<string, unknown>])[] = [
  [{ action: "user_login" }, { "slack.audit.action": "user_login" }],

  [user({ id: "U1" }), { "user.id": "U1" }],
  [user({ email: "ada@example.com" }), { "user.email": "ada@example.com" }],
  [user({ name: "Ada" }), { "user.full_name": "Ada" }],
  [user({ team: "T1" }), { "slack.audit.actor.team_id": "T1" }],
  [user({ account_type: "member" }), { "slack.audit.actor.account_type": "member" }],
  [user({ is_bot: false }), { "slack.audit.actor.is_bot": false }],
  [actor({ type: "user" }), { "slack.audit.actor.type": "user" }],
  [actor({ app: { id: "A1" } }), { "slack.audit.actor.app": '{"id":"A1"}' }],

  [entity({ type: "file", file: {} }), { "slack.audit.entity.type": "file" }],
  [
    entity({ type: "file", file: { id: "F1", name: "a.txt", title: "A" } }),
    {
      "slack.audit.entity.type": "file",
      "slack.audit.entity.id": "F1",
      "slack.audit.entity.name": "a.txt",
      "slack.audit.entity.title": "A",
    },
  ],
  [
    entity({ type: "user", user: { id: "U2", email: "bob@example.com", team: "T1" } }),
    {
      "slack.audit.entity.type": "user",
      "slack.audit.entity.id": "U2",
      "slack.audit.entity.email": "bob@example.com",
      "slack.audit.entity.team": "T1",
    },
  ],

  [context({ ip_address: "192.0.2.1" }), { "client.address": "192.0.2.1" }],
  [context({ ua: "Slack/4" }), { "user_agent.original": "Slack/4" }],
  [context({ session_id: 913_888_259_765 }), { "session.id": "913888259765" }],
  [context({ session_id: "847288190092" }), { "session.id": "847288190092" }],
  [context({ session_id: 0 }), { "session.id": "0" }],
  [
    context({ location: { type: "workspace", id: "T1", name: "W", domain: "w" } }),
    {
      "slack.audit.context.location.type": "workspace",
      "slack.audit.context.location.id": "T1",
      "slack.audit.context.location.name": "W",
      "slack.audit.context.location.domain": "w",
    },
  ],
  [
    context({ app: { id: "A1", name: "App" } }),
    { "slack.audit.context.app.id": "A1", "slack.audit.context.app.name": "App" },
  ],
  [context({ app: null }), {}],
  [context({ api_method: "x" }), { "slack.audit.context.api_method": "x" }],

  [details({ url_private: "https://x" }), { "slack.audit.details.url_private": "https://x" }],
  [details({ export: { start_ts: 1, end_ts: 2.5 } }), { "slack.audit.details.export": '{"start_ts":1,"end_ts":2.5}' }],
  [
    details({ old_retention_policy: { type: "custom", duration_days: 30, note: "" } }),
    { "slack.audit.details.old_retention_policy": { type: "custom", duration_days: 30, note: "" } },
  ],
  [details({ rules_checked: [{ id: "Dr1" }] }), { "slack.audit.details.rules_checked": [{ id: "Dr1" }] }],
  [details({ inviter: "U1" }), { "slack.audit.details.inviter": "U1" }],
  [details({ is_internal: true }), { "slack.audit.details.is_internal": true }],
  [details({ scopes: ["a", "", null] }), { "slack.audit.details.scopes": ["a", "", ""] }],
  [{ something_new: { a: 1 } }, { "slack.audit.something_new": '{"a":1}' }],
  [
    context({
      agent_message: { team: "T1", channel_id: "C1", message_ts: "1.2", thread_ts: 1.5 },
      acting_agent: "Ag1",
    }),
    {
      "slack.audit.context.agent_message.team": "T1",
      "slack.audit.context.agent_message.channel_id": "C1",
      "slack.audit.context.agent_message.message_ts": "1.2",
      "slack.audit.context.agent_message.thread_ts": "1.5",
      "slack.audit.context.acting_agent": "Ag1",
    },
  ],
];

for (const [entry, expected] of TABLE) {
  test(`attributesOf() names the attributes of ${JSON.stringify(entry)} by the conventions`, () => {
    assert.deepEqual(plain(attributesOf(entry)), expected);
  });
}

test("attributesOf() makes no attribute of an empty string or null", () => {
  const empty = { a: "", b: null, id: "", reason: "", new_value: null, user_ids: null };
  assert.deepEqual(
    attributesOf({ extra: "", gone: null, ...actor({ user: { ...empty, email: "", name: null } }) }),
    {},
  );
  assert.deepEqual(attributesOf({ ...entity({ type: "", user: empty }), ...details(empty) }), {});
  assert.deepEqual(attributesOf(context({ ...empty, ua: "", ip_address: "", session_id: null, location: null })), {});
});

test("attributesOf() keeps false, zero and empty lists", () => {
  assert.deepEqual(attributesOf(details({ success: false, duration: 0, functions: [], reason: [], a: 0, b: [] })), {
    "slack.audit.details.success": false,
    "slack.audit.details.duration": 0,
    "slack.audit.details.functions": [],
    "slack.audit.details.reason": [],
    "slack.audit.details.a": "0",
    "slack.audit.details.b": "[]",
  });
});

test("attributesOf() makes every id a string, and every list of ids a list of strings", () => {
  const members = { id: 17, app_id: 12.5, channel_ids: [1, "C2"], user_ids: 3 };
  const as = (prefix: string, id = `${prefix}.id`) => ({
    [id]: "17",
    [`${prefix}.app_id`]: "12.5",
    [`${prefix}.channel_ids`]: ["1", "C2"],
    [`${prefix}.user_ids`]: ["3"],
  });
  assert.deepEqual(attributesOf(details(members)), as("slack.audit.details"));
  assert.deepEqual(attributesOf(user(members)), as("slack.audit.actor", "user.id"));
  assert.deepEqual(attributesOf(context({ app: members })), as("slack.audit.context.app"));
  assert.deepEqual(attributesOf(entity({ app: members })), as("slack.audit.entity"));
  assert.deepEqual(attributesOf('{"details":{"app_id":12345678901234567890}}'), {
    "slack.audit.details.app_id": "12345678901234567890",
  });
});

test("attributesOf() makes strings of the attributes that the conventions define as strings", () => {
  assert.deepEqual(
    attributesOf({ ...user({ email: 1, name: true }), ...context({ ip_address: ["a"], ua: { b: 1 } }) }),
    {
      "user.email": "1",
      "user.full_name": "true",
      "slack.audit.context.ip_address": '["a"]',
      "user_agent.original": '{"b":1}',
    },
  );
});

test("attributesOf() makes reason a list of strings", () => {
  const reasonOf = (reason: unknown) => attributesOf(details({ reason }))["slack.audit.details.reason"];
  assert.deepEqual(reasonOf(["asn", "ip_address"]), ["asn", "ip_address"]);
  assert.deepEqual(reasonOf("asn"), ["asn"]);
  assert.deepEqual(reasonOf(17), ["17"]);
  assert.deepEqual(reasonOf([1, { a: 1 }, null]), ["1", '{"a":1}', ""]);
});

test("attributesOf() makes new_value and previous_value strings, in JSON where Slack sends another type", () => {
  const valuesOf = (value: unknown) => {
    const attributes = attributesOf(details({ new_value: value, previous_value: value }));
    assert.equal(attributes["slack.audit.details.new_value"], attributes["slack.audit.details.previous_value"]);
    return attributes["slack.audit.details.new_value"];
  };
  assert.equal(valuesOf("plain"), "plain");
  assert.equal(valuesOf(["C111"]), '["C111"]');
  assert.equal(valuesOf({ type: ["ADMINS"] }), '{"type":["ADMINS"]}');
  assert.equal(valuesOf(false), "false");
  assert.equal(valuesOf([]), "[]");
});

test("attributesOf() takes an entity's only child even if its name is not the entity's type", () => {
  assert.deepEqual(attributesOf(entity({ type: "usergroup", subteam: { id: "S1" } })), {
    "slack.audit.entity.type": "usergroup",
    "slack.audit.entity.id": "S1",
  });
  for (const type of ["__proto__", "constructor", "toString"]) {
    assert.deepEqual(attributesOf(`{"entity":{"type":"${type}","subteam":{"id":"S1"}}}`), {
      "slack.audit.entity.type": type,
      "slack.audit.entity.id": "S1",
    });
  }
});

test("attributesOf() keeps a second child of an entity as JSON", () => {
  const attributes = attributesOf(entity({ file: { id: "F1" }, type: "user", user: { id: "U1" }, note: "x" }));
  assert.deepEqual(plain(attributes), {
    "slack.audit.entity.type": "user",
    "slack.audit.entity.id": "U1",
    "slack.audit.entity.file": '{"id":"F1"}',
    "slack.audit.entity.note": "x",
  });
});

test("attributesOf() keeps the type of a role apart from the entity's", () => {
  assert.deepEqual(attributesOf(entity({ type: "role", role: { id: "R1", type: "system" } })), {
    "slack.audit.entity.type": "role",
    "slack.audit.entity.id": "R1",
    "slack.audit.entity.role.type": "system",
  });
});

test("attributesOf() keeps a value that should be an object and is not", () => {
  assert.deepEqual(attributesOf({ actor: "U1", entity: ["a"], context: 17, details: [{ a: 1 }, 2] }), {
    "slack.audit.actor": "U1",
    "slack.audit.entity": '["a"]',
    "slack.audit.context": "17",
    "slack.audit.details": '[{"a":1},2]',
  });
  assert.deepEqual(attributesOf({ ...user("U1"), ...entity({ type: 3, user: "U2" }), ...context({ location: "x" }) }), {
    "slack.audit.actor.user": "U1",
    "slack.audit.entity.type": "3",
    "slack.audit.entity.user": "U2",
    "slack.audit.context.location": "x",
  });
});

test("attributesOf() keeps an id, an action and a date of an unexpected type", () => {
  assert.deepEqual(attributesOf({ id: 17, action: ["a"], date_create: 1_760_000_000_000 }), {
    "slack.audit.id": "17",
    "slack.audit.action": '["a"]',
    "slack.audit.date_create": "1760000000000",
  });
  assert.deepEqual(attributesOf({ id: "x", date_create: "1760000000" }), {});
  assert.deepEqual(attributesOf({ id: "x", date_create: 1_760_000_000.5 }), {
    "slack.audit.date_create": "1760000000.5",
  });
});

test("attributesOf() keeps both members where two have the same attribute name", () => {
  assert.deepEqual(attributesOf(actor({ type: "user", user: { type: "bot" } })), {
    "slack.audit.actor.type": "user",
    "slack.audit.actor.type_": "bot",
  });
  assert.equal(attributesOf({ category: "mine" })["slack.audit.category_"], "mine");
});

test("attributesOf() takes names such as __proto__ and constructor like any other", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "toJSON", "then"];
  const members = names.map((name) => `"${name}":"v"`).join();
  const attributes = attributesOf(
    `{${members},"details":{${members},"request":{${members}}},"actor":{"user":{${members}}}}`,
  );
  for (const name of names) {
    assert.equal(attributes[`slack.audit.${name}`], "v");
    assert.equal(attributes[`slack.audit.details.${name}`], "v");
    assert.equal(attributes[`slack.audit.actor.${name}`], "v");
    assert.deepEqual(
      Object.entries(Object(attributes["slack.audit.details.request"])).map(([key]) => key),
      names,
    );
  }
  assert.equal(Object.getPrototypeOf(attributes), Object.prototype);
});

test("attributesOf() puts only addresses into client.address", () => {
  for (const address of ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"]) {
    assert.deepEqual(attributesOf(context({ ip_address: address })), { "client.address": address });
  }
  for (const text of ["1.23.45.678", "unknown", "192.0.2.1, 192.0.2.2", "proxy.example.com", " 192.0.2.1"]) {
    assert.deepEqual(attributesOf(context({ ip_address: text })), { "slack.audit.context.ip_address": text });
  }
});

test("attributesOf() makes one attribute of both spellings of a member", () => {
  const both = { scopes_bot: ["a", "b"] };
  for (const [entry, name] of [
    [entity({ type: "app", app: both }), "slack.audit.entity.bot_scopes"],
    [context({ app: both }), "slack.audit.context.app.bot_scopes"],
    [details(both), "slack.audit.details.bot_scopes"],
  ] as const) {
    assert.deepEqual(attributesOf(entry)[name], ["a", "b"]);
  }
  assert.deepEqual(attributesOf(details({ scopes_bot: ["a", "b"], bot_scopes: ["b", "c"] })), {
    "slack.audit.details.bot_scopes": ["a", "b", "c"],
  });
  for (const barrier of [{ barriered_from_usergroup: "S1" }, { barriered_from_usergroups: ["S1"] }]) {
    assert.deepEqual(attributesOf(entity({ type: "barrier", barrier })), {
      "slack.audit.entity.type": "barrier",
      "slack.audit.entity.barriered_from_usergroups": ["S1"],
    });
  }
});

test("attributesOf() gives an inviter and a kicker the same attributes, flat or nested", () => {
  for (const key of ["inviter", "kicker"]) {
    const person = { id: "U1", name: "Ada", email: "ada@example.com", team: "T1" };
    const flat = attributesOf(details({ [key]: person }));
    assert.deepEqual(flat, {
      [`slack.audit.details.${key}.id`]: "U1",
      [`slack.audit.details.${key}.name`]: "Ada",
      [`slack.audit.details.${key}.email`]: "ada@example.com",
      [`slack.audit.details.${key}.team`]: "T1",
    });
    assert.deepEqual(attributesOf(details({ [key]: { type: "user", user: person } })), {
      [`slack.audit.details.${key}.type`]: "user",
      ...flat,
    });
  }
});

test("attributesOf() takes a list of users as a list or as JSON", () => {
  for (const key of ["succeeded_users", "failed_users"]) {
    for (const users of [["U1", "U2"], '["U1","U2"]', '[ "U1" , "U2" ]']) {
      assert.deepEqual(attributesOf(details({ [key]: users })), { [`slack.audit.details.${key}`]: ["U1", "U2"] });
    }
    assert.deepEqual(attributesOf(details({ [key]: "[U1" })), { [`slack.audit.details.${key}`]: ["[U1"] });
  }
});

test("attributesOf() reads the time of an action in any unit that Slack uses", () => {
  const rows = [
    [1_644_428_253_989_994, "2022-02-09T17:37:33.989994Z"],
    ["1644428253989994", "2022-02-09T17:37:33.989994Z"],
    [1_644_428_253_989, "2022-02-09T17:37:33.989Z"],
    [1_644_428_253, "2022-02-09T17:37:33Z"],
    [99_999_999_999, "5138-11-16T09:46:39Z"],
    ["1644428253989994123", "2022-02-09T17:37:33.989994123Z"],
    [-1, undefined],
    ["yesterday", undefined],
    [0, undefined],
  ] as const;
  for (const [action_timestamp, time] of rows) {
    const attributes = attributesOf(details({ action_timestamp }));
    assert.equal(attributes["slack.audit.details.action_time"], time, String(action_timestamp));
    const raw = Object.entries(attributes).filter(([name]) => name.startsWith("slack.audit.details.action_timestamp"));
    assert.deepEqual(
      raw.map(([, value]) => String(value)),
      [String(action_timestamp)],
    );
  }
});

test("attributesOf() keeps a value of the wrong type as a string under the name with _", () => {
  assert.deepEqual(attributesOf(details({ is_error: "perhaps", duration: 1.5, request: [1], permissions: 3 })), {
    "slack.audit.details.is_error_": "perhaps",
    "slack.audit.details.duration_": "1.5",
    "slack.audit.details.request_": "[1]",
    "slack.audit.details.permissions_": "3",
  });
  assert.deepEqual(attributesOf('{"details":{"duration":9007199254740993,"expires_on":"17","is_error":"true"}}'), {
    "slack.audit.details.duration_": "9007199254740993",
    "slack.audit.details.expires_on": 17,
    "slack.audit.details.is_error": true,
  });
});

test("attributesOf() types an unknown member by its name", () => {
  assert.deepEqual(attributesOf(details({ is_new: true, has_x: false, x_count: 2, new_ids: "C1", x_scopes: ["a"] })), {
    "slack.audit.details.is_new": true,
    "slack.audit.details.has_x": false,
    "slack.audit.details.x_count": 2,
    "slack.audit.details.new_ids": ["C1"],
    "slack.audit.details.x_scopes": ["a"],
  });
  assert.deepEqual(attributesOf(details({ x: true, y: 2, z: { a: 1 } })), {
    "slack.audit.details.x": "true",
    "slack.audit.details.y": "2",
    "slack.audit.details.z": '{"a":1}',
  });
});

/** Removes prototypes, which nested values do not have. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
