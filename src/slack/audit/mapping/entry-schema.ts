import type { AttributeType } from "./attribute-type.ts";

/** The members of one of an entry's objects: the names and types of their attributes. */
export interface ObjectSchema {
  /** The object's path in an entry. */
  readonly path: string;
  /** The beginning of all attribute names that are not in `names`. */
  readonly prefix: string;
  readonly types: ReadonlyMap<string, AttributeType>;
  /** Attribute names by member: semantic conventions of OpenTelemetry, and members that Slack spells in two ways. */
  readonly names: Readonly<Record<string, string>>;
}

/** Members by type, separated by spaces. */
type MembersByType = Readonly<Partial<Record<AttributeType, string>>>;

function schema(path: string, members: MembersByType, names: Readonly<Record<string, string>> = {}): ObjectSchema {
  const types = Object.entries(members).flatMap(([type, keys]) =>
    keys.split(/\s+/).map((key) => [key, type as AttributeType] as const),
  );
  return { path, prefix: `slack.audit.${path}`, types: new Map(types), names };
}

const USER: MembersByType = { string: "id name email team account_type" };
const PLACE: MembersByType = { string: "type id name domain" };
const APP: MembersByType = {
  string: "id name creator team app_id distribution_type",
  "string[]": "scopes bot_scopes scopes_bot user_ids",
  bool: "is_distributed is_directory_approved is_workflow_app",
};

/** The entry itself. A member is an attribute only where it has an unexpected type: otherwise the record has a field for it. */
export const entrySchema: ObjectSchema = {
  ...schema("", { string: "id date_create action actor entity context details" }),
  prefix: "slack.audit",
};

/** `actor`, without its user. */
export const actorSchema: ObjectSchema = schema("actor", { string: "type user" });

/** `actor.user`. */
export const actorUserSchema: ObjectSchema = {
  ...schema("actor", USER, {
    id: "user.id",
    email: "user.email",
    name: "user.full_name",
    team: "slack.audit.actor.team_id",
  }),
  path: "actor.user",
};

/** `context`, without its objects. */
export const contextSchema: ObjectSchema = schema(
  "context",
  { string: "ua ip_address session_id acting_agent location app agent_message" },
  { ua: "user_agent.original", session_id: "session.id" },
);

/** `context.ip_address`, if it is an address. */
export const addressSchema: ObjectSchema = schema(
  "context",
  { string: "ip_address" },
  { ip_address: "client.address" },
);

/** `context.location`. */
export const locationSchema: ObjectSchema = schema("context.location", PLACE);

/** `context.app`. */
export const contextAppSchema: ObjectSchema = schema("context.app", APP, {
  scopes_bot: "slack.audit.context.app.bot_scopes",
});

/** `context.agent_message`. */
export const agentMessageSchema: ObjectSchema = schema("context.agent_message", {
  string: "team channel_id message_ts thread_ts",
});

/** `details.inviter`, with or without a nested user. */
export const inviterSchema: ObjectSchema = schema("details.inviter", {
  string: "type id name email team account_type",
});

/** `details.kicker`, with or without a nested user. */
export const kickerSchema: ObjectSchema = schema("details.kicker", { string: "type id name email team account_type" });

/** The members of entities by the entity's type (`GET /audit/v1/schemas`, and the models of Slack's SDKs). */
export const entityMembers: Readonly<Record<string, MembersByType>> = {
  user: USER,
  workspace: { string: "id name domain" },
  enterprise: { string: "id name domain" },
  channel: {
    string: "id name privacy original_connected_channel_id",
    bool: "is_shared is_org_shared is_salesforce_channel",
    "string[]": "teams_shared_with",
  },
  file: { string: "id name filetype title" },
  app: APP,
  message: { string: "team channel timestamp" },
  workflow: { string: "id name domain" },
  workflow_v2: {
    string: "id app_id callback_id name updated_by template_id trigger_name",
    int: "date_updated",
    list: "step_configuration",
    "string[]": "suspicious_keywords trigger_channels",
    map: "trigger_configuration",
  },
  usergroup: { string: "id name" },
  barrier: {
    string: "id primary_usergroup",
    "string[]": "barriered_from_usergroups barriered_from_usergroup restricted_subjects",
  },
  huddle: { string: "id", int: "date_start date_end", "string[]": "participants" },
  canvas: { string: "id filetype title" },
  list: { string: "id" },
  // A role has a type of its own, besides the entity's.
  role: { string: "id name type" },
  account_type_role: { string: "id name" },
  template: { string: "id template_name" },
  legal_hold_policy: { string: "id name" },
  function: { string: "id app_id callback_id" },
  external_auth_oauth2_token: { string: "id", "string[]": "scopes" },
};

/** The members that all entities have. */
export const entityTypeSchema: ObjectSchema = schema("entity", { string: "type" });

/** The schema of an entity's child. The children share their attribute names, so a name has one type among all children. */
export function entitySchema(child: string): ObjectSchema {
  const members = Object.hasOwn(entityMembers, child) ? entityMembers[child] : undefined;
  const names = {
    type: `slack.audit.entity.${child}.type`,
    scopes_bot: "slack.audit.entity.bot_scopes",
    barriered_from_usergroup: "slack.audit.entity.barriered_from_usergroups",
  };
  return { ...schema(`entity.${child}`, members ?? {}, names), prefix: "slack.audit.entity" };
}

/** All schemas but that of `details`. */
export const knownSchemas: readonly ObjectSchema[] = [
  entrySchema,
  actorSchema,
  actorUserSchema,
  entityTypeSchema,
  ...Object.keys(entityMembers).map(entitySchema),
  contextSchema,
  addressSchema,
  locationSchema,
  contextAppSchema,
  agentMessageSchema,
  inviterSchema,
  kickerSchema,
];
