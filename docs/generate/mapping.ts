import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { actions } from "../../src/slack/audit/mapping/actions.ts";
import { detailsSchema } from "../../src/slack/audit/mapping/details.ts";
import { knownSchemas, type ObjectSchema } from "../../src/slack/audit/mapping/entry-schema.ts";
import { ECS_VERSION, ecs, ecsNames } from "../../src/slack/audit/mapping/presets/ecs.ts";
import { OCSF_VERSION, ocsfNames } from "../../src/slack/audit/mapping/presets/ocsf.ts";
import { ocsfClassOf } from "../../src/slack/audit/mapping/presets/ocsf-class.ts";
import { nameOf } from "../../src/slack/audit/mapping/type-of.ts";
import { listFixtures, readFixture } from "../../test/support/fixtures.ts";
import { mapEntry } from "../../test/support/map-entry.ts";
import { QUERIES } from "./queries.ts";

const STABLE = ["client.address", "user_agent.original"];
const EXAMPLES = [
  "user-login-failed",
  "anomaly-asn",
  "channel-join-nested-inviter",
  "dlp-rule-applied",
  "mcp-read-channel",
];

/** Renders docs/mapping.md from the tables of the code. The examples are the fixtures. */
export function renderMapping(): string {
  const records = listFixtures().map((name) => mapEntry(readFixture(name), { description: true }));
  return [INTRODUCTION, renderMembers(records), renderPresets(), renderExamples(), QUERIES, renderActions()].join("\n");
}

const INTRODUCTION = `# The mapping

\`npm run docs\` generates this page from the receiver's own tables. A test compares the two.

## Rules

- The name of an attribute determines its type. The type never changes, whatever Slack sends.
- A value of another type (\`duration: "long"\`, or an integer beyond 2^53) becomes a string attribute. Its name is the attribute's name
  with \`_\` at the end: \`slack.audit.details.duration_\`. The same holds for a second, different value with the same name.
- Two lists of strings with the same name, from two spellings of one member, become one list.
- A member that is not in the tables below becomes a string: its text, or JSON if it is not a text. Some names determine another
  type: \`is_…\` and \`has_…\` are booleans, \`…_count\` is an integer, \`…_ids\` and \`…_scopes\` are lists of strings.
- The type \`json\` is a string: the text, or JSON if the value is not a text. The types \`map\` and \`list\` are OTLP's; the values in them
  keep Slack's types. Below 32 levels they become JSON.
- Empty strings and nulls have no attribute. OTLP cannot encode lone surrogates: they become U+FFFD. The body keeps them as Slack's escapes.
- \`client.address\` contains only IP addresses. Any other text in \`ip_address\` becomes \`slack.audit.context.ip_address\`.
- The body is Slack's text, byte for byte, with every preset.
- An entry that cannot be mapped, such as one that is not a JSON object, has its text as the body and the attribute \`slack.audit.mapping_error\`.

## The record

| Slack | OTLP |
| --- | --- |
| \`date_create\` | Timestamp |
| the time at which the page arrived | ObservedTimestamp |
| \`action\` | EventName \`slack.audit.<action>\`; attribute \`slack.audit.action\` |
| the group of the action | \`slack.audit.category\` |
| \`id\` | \`log.record.uid\` (semantic conventions, development) |
| the meaning of the action | \`slack.audit.description\`, with \`mapping.description: true\` |
| the entry | Body |
`;

function renderMembers(records: readonly ReadableLogRecord[]): string {
  const rows = [...knownSchemas, detailsSchema].flatMap((section) =>
    [...section.types].map(([key, type]) => renderMember(section, { key, type, records })),
  );
  return `## Members

Stability: *stable* and *development* are levels of OpenTelemetry's semantic conventions (1.45). *ours* is a name of this receiver: it
changes only with a major version.

The first seven attributes and \`actor.user\` exist only if Slack's value is invalid: an id that is not a string, a date that is not a number, an
\`actor\` that is not an object. \`action\` is in every record.

| Slack | attribute | type | stability | example |
| --- | --- | --- | --- | --- |
${rows.join("")}| \`details.action_timestamp\` | \`slack.audit.details.action_time\` | string | ours | ${example("slack.audit.details.action_time", records)} |
`;
}

function renderMember(
  section: ObjectSchema,
  { key, type, records }: { key: string; type: string; records: readonly ReadableLogRecord[] },
): string {
  const name = nameOf(section, key);
  const stability = STABLE.includes(name) ? "stable" : name.startsWith("slack.") ? "ours" : "development";
  const at = section.path === "" ? key : `${section.path}.${key}`;
  const [, entityType = ""] = /^entity\.(.+)$/.exec(section.path) ?? [];
  const candidates = entityType
    ? records.filter(({ attributes }) => attributes["slack.audit.entity.type"] === entityType)
    : records;
  return `| \`${at}\` | \`${name}\` | ${type} | ${stability} | ${example(name, candidates)} |\n`;
}

function example(name: string, records: readonly ReadableLogRecord[]): string {
  const value = records.map(({ attributes }) => attributes[name]).find((found) => found !== undefined);
  if (value === undefined) return "";
  const text = JSON.stringify(value);
  return `\`${escapeCell(text.length > 80 ? `${text.slice(0, 77)}…` : text)}\``;
}

function renderPresets(): string {
  return `## Other presets

\`mapping.preset: ecs\` and \`mapping.preset: ocsf\` give the same values other names. A value of another type takes the new name too, with \`_\` at the end.

### ECS ${ECS_VERSION}

Source: elastic.co/docs/reference/ecs. Any other attribute keeps its name, as ECS asks for custom fields. \`user.id\`, \`user.email\`,
\`user.full_name\` and \`user_agent.original\` have the same name in ECS.

| attribute | ECS |
| --- | --- |
${renderNames(ecsNames)}| (constant) | \`ecs.version\`, \`event.module\` = \`slack\`, \`event.dataset\` = \`slack.audit\` |
| (action) | \`event.kind\`: \`alert\` for a detection by Slack, else \`event\`; \`event.outcome\`: \`failure\` for a failed or blocked action, \`unknown\` for another detection, else \`success\` |
| (action, category) | \`event.category\`, \`event.type\`: lists; see the actions below |

### OCSF ${OCSF_VERSION}

Source: schema.ocsf.io and github.com/ocsf/ocsf-schema. Any other attribute has the prefix \`unmapped.\`.

| attribute | OCSF |
| --- | --- |
${renderNames(ocsfNames)}| \`date_create\` | \`time\`, in milliseconds |
| (constant) | \`metadata.version\`, \`metadata.log_name\`, \`metadata.product.name\`, \`metadata.product.vendor_name\` |
| (action, category) | \`category_uid\`, \`class_uid\`, \`activity_id\` (99: other), \`type_uid\`: see the actions below |
| severity | \`severity_id\`: 1 up to INFO, 3 WARN, 4 ERROR, 5 FATAL |
| (action) | \`status_id\`: 2 for a failed or blocked action, else 1 |
`;
}

function renderNames(names: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(names)
    .map(([name, targets]) => `| \`${name}\` | ${targets.map((other) => `\`${other}\``).join(", ")} |\n`)
    .join("");
}

function renderExamples(): string {
  const examples = EXAMPLES.map((name) => {
    const { hrTime, severityNumber, eventName, attributes } = mapEntry(readFixture(name));
    const record = { timestamp: hrTime[0], severityNumber, eventName, attributes };
    return `### ${name.replaceAll("-", " ")}

\`\`\`json
${readFixture(name)}
\`\`\`

has this text as its body, and becomes:

\`\`\`json
${JSON.stringify(record, null, 2)}
\`\`\`
`;
  });
  return `## Examples\n\n${examples.join("\n")}`;
}

function renderActions(): string {
  const rows = actions.map(({ name, category, severity, description }) => {
    const fields = ecs.classify({ action: name, category, severityNumber: 9 });
    const { classUid, activityId, name: className } = ocsfClassOf(name, category);
    const lists = [fields["event.category"], fields["event.type"]].map((list) => [list].flat().join(", "));
    return `| \`${name}\` | \`${category}\` | ${severity} | ${escapeCell(description)} | ${lists.join(" / ")} | ${className} ${classUid}/${activityId} |\n`;
  });
  return `## Actions

The table has ${actions.length} actions. An action outside the table takes the category of actions that begin like it, else of actions that end like it, else \`other\`.

| action | category | severity | meaning | ECS category / type | OCSF class/activity |
| --- | --- | --- | --- | --- | --- |
${rows.join("")}`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
