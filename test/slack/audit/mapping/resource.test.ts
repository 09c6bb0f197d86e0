import assert from "node:assert/strict";
import { test } from "node:test";
import { createResourceOf } from "../../../../src/slack/audit/mapping/resource.ts";

const ACME = { id: "E1", name: "Acme", domain: "acme" };

test("createResourceOf() names Slack, the source and the known facts of the organisation", () => {
  const resourceOf = createResourceOf("acme", {});
  const anonymous = { "service.name": "slack", "slack.audit.source": "acme" };
  assert.deepEqual(resourceOf(undefined).attributes, anonymous);
  assert.deepEqual(resourceOf({ id: "E1" }).attributes, { ...anonymous, "slack.enterprise.id": "E1" });
  assert.deepEqual(resourceOf(ACME).attributes, {
    ...anonymous,
    "slack.enterprise.id": "E1",
    "slack.enterprise.name": "Acme",
    "slack.enterprise.domain": "acme",
  });
});

test("createResourceOf() lets the operator add and change attributes", () => {
  const { attributes } = createResourceOf("acme", { "service.name": "audit", team: "sec" })(ACME);
  assert.equal(attributes["service.name"], "audit");
  assert.equal(attributes.team, "sec");
});

test("createResourceOf() gives the same object for the same organisation: serializers group by it", () => {
  const resourceOf = createResourceOf("acme", {});
  assert.equal(resourceOf(ACME), resourceOf(ACME));
});
