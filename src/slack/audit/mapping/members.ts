import type { AttributeType } from "./attribute-type.ts";

/** The members of one of an entry's objects: what each is called as an attribute, and its type. */
export interface Section {
  /** Where it stands in an entry. */
  readonly path: string;
  /** Begins the names of attributes, but for those in `names`. */
  readonly prefix: string;
  readonly types: ReadonlyMap<string, AttributeType>;
  /** Members that have another name as an attribute: one of OpenTelemetry's, or that of the other spelling of the same. */
  readonly names: Readonly<Record<string, string>>;
}

type Words = Readonly<Partial<Record<AttributeType, string>>>;

function section(path: string, words: Words, names: Readonly<Record<string, string>> = {}): Section {
  const types = Object.entries(words).flatMap(([type, members]) =>
    members.split(/\s+/).map((member) => [member, type as AttributeType] as const),
  );
  return { path, prefix: `slack.audit.${path}`, types: new Map(types), names };
}

const USER: Words = { string: "id name email team account_type" };
const PLACE: Words = { string: "type id name domain" };
const APP: Words = {
  string: "id name creator team app_id distribution_type",
  "string[]": "scopes bot_scopes scopes_bot user_ids",
  bool: "is_distributed is_directory_approved is_workflow_app",
};

/** The entry itself: what is not as Slack means it, since otherwise the record has other places for these. */
export const entrySection: Section = {
  ...section("", { string: "id date_create action actor entity context details" }),
  prefix: "slack.audit",
};

/** `actor`, beside the user. */
export const actorSection: Section = section("actor", { string: "type user" });

/** `actor.user`. */
export const actorUserSection: Section = {
  ...section("actor", USER, {
    id: "user.id",
    email: "user.email",
    name: "user.full_name",
    team: "slack.audit.actor.team_id",
  }),
  path: "actor.user",
};

/** `context`, beside what is nested in it. */
export const contextSection: Section = section(
  "context",
  { string: "ua ip_address session_id acting_agent location app agent_message" },
  { ua: "user_agent.original", session_id: "session.id" },
);

/** `context.ip_address`, where it is an address. */
export const addressSection: Section = section("context", { string: "ip_address" }, { ip_address: "client.address" });

/** `context.location`. */
export const locationSection: Section = section("context.location", PLACE);

/** `context.app`. */
export const contextAppSection: Section = section("context.app", APP, {
  scopes_bot: "slack.audit.context.app.bot_scopes",
});

/** `context.agent_message`. */
export const agentMessageSection: Section = section("context.agent_message", {
  string: "team channel_id message_ts thread_ts",
});

/** `details.inviter`, whether its user is nested or not. */
export const inviterSection: Section = section("details.inviter", { string: "type id name email team account_type" });

/** `details.kicker`, likewise. */
export const kickerSection: Section = section("details.kicker", { string: "type id name email team account_type" });

/** The members of the entities of each type, after `/schemas` and the models of Slack's own SDKs. */
export const entityMembers: Readonly<Record<string, Words>> = {
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
  // A role has a type of its own, which must not stand where the entity's does.
  role: { string: "id name type" },
  account_type_role: { string: "id name" },
  template: { string: "id template_name" },
  legal_hold_policy: { string: "id name" },
  function: { string: "id app_id callback_id" },
  external_auth_oauth2_token: { string: "id", "string[]": "scopes" },
};

/** What all entities have. */
export const entityTypeSection: Section = section("entity", { string: "type" });

/** The section of the one child of an entity: the members of every type share their names, so each has one type among all. */
export function entitySection(child: string): Section {
  const words = Object.hasOwn(entityMembers, child) ? entityMembers[child] : undefined;
  const names = {
    type: `slack.audit.entity.${child}.type`,
    scopes_bot: "slack.audit.entity.bot_scopes",
    barriered_from_usergroup: "slack.audit.entity.barriered_from_usergroups",
  };
  return { ...section(`entity.${child}`, words ?? {}, names), prefix: "slack.audit.entity" };
}

/** Every section that is known. */
export const knownSections: readonly Section[] = [
  entrySection,
  actorSection,
  actorUserSection,
  entityTypeSection,
  ...Object.keys(entityMembers).map(entitySection),
  contextSection,
  addressSection,
  locationSection,
  contextAppSection,
  agentMessageSection,
  inviterSection,
  kickerSection,
];
