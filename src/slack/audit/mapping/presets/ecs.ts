import type { Preset } from "./preset.ts";
import { hasFailed, type Verb, verbOf } from "./verb.ts";

/** The version of the Elastic Common Schema. */
export const ECS_VERSION = "9.0.0";

/** ECS fields by our attribute (elastic.co/docs/reference/ecs). Any other attribute keeps its name, as custom fields do in ECS. */
export const ecsNames: Readonly<Record<string, readonly string[]>> = {
  "log.record.uid": ["log.record.uid", "event.id"],
  "slack.audit.action": ["event.action"],
  "slack.audit.category": ["slack.audit.category"],
  "client.address": ["source.ip", "source.address"],
  "slack.audit.context.location.id": ["slack.audit.context.location.id", "organization.id"],
  "slack.audit.context.location.name": ["slack.audit.context.location.name", "organization.name"],
};

/** The ECS preset. */
export const ecs: Preset = {
  rename: (name) => ecsNames[name] ?? [name],
  classify: ({ action, category }) => ({
    "ecs.version": ECS_VERSION,
    "event.module": "slack",
    "event.dataset": "slack.audit",
    "event.kind": isAlert(action) ? "alert" : "event",
    "event.category": categoriesOf(action, category),
    "event.type": typesOf(action, category),
    "event.outcome": hasFailed(action) ? "failure" : isAlert(action) ? "unknown" : "success",
  }),
};

function isAlert(action: string): boolean {
  return /^(anomaly|file_malicious_content_detected|native_dlp_rule_action_applied)$|suspicious/.test(action);
}

/** The allowed values of `event.category` (elastic.co/docs/reference/ecs/ecs-allowed-values-event-category). */
function categoriesOf(action: string, category: string): string[] {
  if (action === "file_malicious_content_detected") return ["malware", "file"];
  if (action === "anomaly" || action.includes("suspicious")) return ["intrusion_detection"];
  const verb = verbOf(action);
  if (verb === "logon") return ["authentication"];
  if (verb === "logoff" || /session/.test(action)) return ["session"];
  if (["file", "canvas", "list"].includes(category)) return ["file"];
  if (["user", "subteam", "role", "account_type_role"].includes(category)) return ["iam"];
  if (["app", "app_approval_automation_rule"].includes(category)) return ["package", "configuration"];
  return action.endsWith("_tool_called") ? ["api"] : ["configuration"];
}

const TYPES: Readonly<Partial<Record<Verb, string>>> = {
  logon: "start",
  logoff: "end",
  create: "creation",
  upload: "creation",
  read: "access",
  search: "access",
  export: "access",
  download: "access",
  share: "access",
  delete: "deletion",
  install: "installation",
  uninstall: "deletion",
  start: "start",
  end: "end",
  other: "info",
};

/** The allowed values of `event.type` (elastic.co/docs/reference/ecs/ecs-allowed-values-event-type). */
function typesOf(action: string, category: string): string[] {
  const types = hasFailed(action) && /blocked|denied/.test(action) ? ["denied"] : [TYPES[verbOf(action)] ?? "change"];
  if (category === "user") types.push("user");
  if (category === "subteam") types.push("group");
  return types;
}
