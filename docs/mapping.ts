import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { actions } from "../src/slack/audit/actions.ts";
import { detailsSchema } from "../src/slack/audit/mapping/details.ts";
import { ECS_VERSION, ecs, ecsNames } from "../src/slack/audit/mapping/ecs.ts";
import { knownSchemas, type ObjectSchema } from "../src/slack/audit/mapping/entry-schema.ts";
import { OCSF_VERSION, ocsfNames } from "../src/slack/audit/mapping/ocsf.ts";
import { ocsfClassOf } from "../src/slack/audit/mapping/ocsf-class.ts";
import { nameOf } from "../src/slack/audit/mapping/type-of.ts";
import { listFixtures, readFixture } from "../test/slack/audit/golden.ts";
import { mapEntry } from "../test/support/map-entry.ts";
import { QUERIES } from "./queries.ts";

const STABLE = ["client.address", "user_agent.original"];
const EXAMPLES = [
  "user-login-failed",
  "anomaly-asn",
  "channel-join-nested-inviter",
  "dlp-rule-applied",
  "mcp-read-channel",
];

/** The reference of the mapping, of the code's own tables; its examples are the project's own fixtures. */
export function renderMapping(): string {
  const records = listFixtures().map((name) => mapEntry(readFixture(name), { description: true }));
  return [INTRODUCTION, renderMembers(records), renderPresets(), renderExamples(), QUERIES, renderActions()].join("\n");
}

const INTRODUCTION = `# The mapping

Made by \`npm run docs\` of the tables that the receiver works with; the test suite fails where this page is not in step.

## Rules

- An attribute's type follows from its name alone and never changes, whatever Slack sends.
- A value that is not of its attribute's type (\`duration: "long"\`, an integer beyond 2^53 where an integer belongs), or a second one
  that comes to the same name, stands beside it as a string, under the name with \`_\` behind it: \`slack.audit.details.duration_\`.
  Two lists of strings under one name, which two spellings of one member give, are one list.
- A member that is not in the tables below is a string: its text, or JSON where it is none. Its name can say otherwise, and goes by
  Slack's own habits: \`is_…\` and \`has_…\` are booleans, \`…_count\` an integer, \`…_ids\` and \`…_scopes\` lists of strings.
- \`json\` is a string that holds JSON where the value is not a text. \`map\` and \`list\` are OTLP's own; inside of them values keep the types that Slack
  gave them. Deeper than 32 levels they go on as JSON.
- Empty strings and nulls make no attribute. Lone surrogates, which no encoding of OTLP can hold, become U+FFFD; the body has them as Slack's escapes.
- \`client.address\` holds IP addresses only; what else Slack writes there is \`slack.audit.context.ip_address\`.
- The body is Slack's text, byte for byte, in every vocabulary.
- An entry that cannot be understood has its text as body and \`slack.audit.mapping_error\`.

## The record

| Slack | OTLP |
| --- | --- |
| \`date_create\` | Timestamp |
| arrival of the page | ObservedTimestamp |
| \`action\` | EventName \`slack.audit.<action>\`; attribute \`slack.audit.action\` |
| group of the action | \`slack.audit.category\` |
| \`id\` | \`log.record.uid\` (semantic conventions, development) |
| meaning of the action | \`slack.audit.description\`, with \`mapping.description: true\` |
| the entry | Body |
`;

function renderMembers(records: readonly ReadableLogRecord[]): string {
  const rows = [...knownSchemas, detailsSchema].flatMap((section) =>
    [...section.types].map(([key, type]) => renderMember(section, { key, type, records })),
  );
  return `## Members

Stability: *stable* and *development* are those of OpenTelemetry's semantic conventions (1.45); *ours* changes only with a major version.

The first seven, and \`actor.user\`, are there only where Slack does not send what it means by them: an id or a date that is none, an
object that is none. \`action\` is in every record.

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
  const own = entityType
    ? records.filter(({ attributes }) => attributes["slack.audit.entity.type"] === entityType)
    : records;
  return `| \`${at}\` | \`${name}\` | ${type} | ${stability} | ${example(name, own)} |\n`;
}

function example(name: string, records: readonly ReadableLogRecord[]): string {
  const value = records.map(({ attributes }) => attributes[name]).find((given) => given !== undefined);
  if (value === undefined) return "";
  const text = JSON.stringify(value);
  return `\`${escapeCell(text.length > 80 ? `${text.slice(0, 77)}…` : text)}\``;
}

function renderPresets(): string {
  return `## Other vocabularies

\`mapping.preset: ecs\` and \`ocsf\` give the same values under other names. Misfits keep the name they stand beside.

### ECS ${ECS_VERSION}

Source: elastic.co/docs/reference/ecs. What is not here keeps its name, as ECS has it for custom fields; \`user.id\`, \`user.email\`,
\`user.full_name\` and \`user_agent.original\` are named alike in both.

| attribute | ECS |
| --- | --- |
${renderNames(ecsNames)}| (constant) | \`ecs.version\`, \`event.module\` = \`slack\`, \`event.dataset\` = \`slack.audit\` |
| (action) | \`event.kind\`: \`alert\` for what Slack detected, else \`event\`; \`event.outcome\`: \`failure\` for what failed or was blocked |
| (action, category) | \`event.category\`, \`event.type\`: lists, see the actions below |

### OCSF ${OCSF_VERSION}

Source: schema.ocsf.io and github.com/ocsf/ocsf-schema. What is not here has \`unmapped.\` before its name.

| attribute | OCSF |
| --- | --- |
${renderNames(ocsfNames)}| \`date_create\` | \`time\`, in milliseconds |
| (constant) | \`metadata.version\`, \`metadata.log_name\`, \`metadata.product.name\`, \`metadata.product.vendor_name\` |
| (action, category) | \`category_uid\`, \`class_uid\`, \`activity_id\` (99: other), \`entityTypeuid\`: see the actions below |
| severity | \`severity_id\`: 1 up to INFO, 3 WARN, 4 ERROR, 5 FATAL |
| (action) | \`status_id\`: 2 for what failed or was blocked, else 1 |
`;
}

function renderNames(names: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(names)
    .map(([name, others]) => `| \`${name}\` | ${others.map((other) => `\`${other}\``).join(", ")} |\n`)
    .join("");
}

function renderExamples(): string {
  const shown = EXAMPLES.map((name) => {
    const { hrTime, severityNumber, eventName, attributes } = mapEntry(readFixture(name));
    const record = { timestamp: hrTime[0], severityNumber, eventName, attributes };
    return `### ${name.replaceAll("-", " ")}

\`\`\`json
${readFixture(name)}
\`\`\`

becomes, beside the body that is this text:

\`\`\`json
${JSON.stringify(record, null, 2)}
\`\`\`
`;
  });
  return `## Examples\n\n${shown.join("\n")}`;
}

function renderActions(): string {
  const rows = actions.map(({ name, category, severity, description }) => {
    const fields = ecs.classify({ action: name, category, severityNumber: 9 });
    const { classUid, activityId, name: className } = ocsfClassOf(name, category);
    const lists = [fields["event.category"], fields["event.type"]].map((list) => [list].flat().join(", "));
    return `| \`${name}\` | \`${category}\` | ${severity} | ${escapeCell(description)} | ${lists.join(" / ")} | ${className} ${classUid}/${activityId} |\n`;
  });
  return `## Actions

${actions.length} are known. A new one falls to the category of those that begin like it, then to that of those that end like it, else to \`other\`.

| action | category | severity | meaning | ECS category / type | OCSF class/activity |
| --- | --- | --- | --- | --- | --- |
${rows.join("")}`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
