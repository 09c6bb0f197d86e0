import type { AnyValue } from "@opentelemetry/api";
import { type Entry, isObject, toSeconds } from "./entry.ts";
import { toAnyValue, toText, toTextList } from "./values.ts";

/** Attributes by their names. */
export type RecordAttributes = Record<string, AnyValue>;

type Convert = (value: unknown) => AnyValue | undefined;

/** Names that OpenTelemetry's conventions have for a member; all others are named after Slack's own. */
const ACTOR_NAMES: Readonly<Record<string, string>> = {
  id: "user.id",
  email: "user.email",
  name: "user.full_name",
  team: "slack.audit.actor.team_id",
};
const CONTEXT_NAMES: Readonly<Record<string, string>> = {
  ip_address: "client.address",
  ua: "user_agent.original",
  session_id: "session.id",
};

/** Members whose type varies at Slack, and the one type that each has here. */
const DETAIL_TYPES: Readonly<Record<string, Convert>> = {
  reason: toTextList,
  new_value: toText,
  previous_value: toText,
};

/** The attributes of an entry, behind the `first` ones: every member has one, whatever its name or type. */
export function attributesOf(
  { members, entry }: { members: Record<string, unknown>; entry: Entry },
  first: RecordAttributes,
): RecordAttributes {
  const attributes = { ...first };
  for (const [key, value] of Object.entries(members)) {
    if (isToldAlready(key, value, entry)) continue;
    if (!isObject(value)) put(attributes, `slack.audit.${key}`, toAnyValue(value));
    else if (key === "actor") putActor(attributes, value);
    else if (key === "entity") putEntity(attributes, value);
    else if (key === "context") putContext(attributes, value);
    else if (key === "details") putMembers(attributes, "slack.audit.details", value, { types: DETAIL_TYPES });
    else put(attributes, `slack.audit.${key}`, toAnyValue(value));
  }
  return attributes;
}

/** The record has places for these; what is not of the kind that Slack means by them has an attribute like any other. */
function isToldAlready(key: string, value: unknown, { id, action }: Entry): boolean {
  if (key === "id") return value === id;
  if (key === "action") return value === action;
  const seconds = key === "date_create" ? toSeconds(value) : undefined;
  return seconds !== undefined && (value === seconds || value === String(seconds));
}

function putActor(attributes: RecordAttributes, { user, ...actor }: Record<string, unknown>): void {
  putMembers(attributes, "slack.audit.actor", actor);
  if (isObject(user)) putMembers(attributes, "slack.audit.actor", user, { names: ACTOR_NAMES, types: TEXTS });
  else put(attributes, "slack.audit.actor.user", toAnyValue(user));
}

/** An entity is `{type, <type>: {…}}`: the members of the one child become the entity's own. */
function putEntity(attributes: RecordAttributes, entity: Record<string, unknown>): void {
  const { type, ...children } = entity;
  put(attributes, "slack.audit.entity.type", toText(type));
  const named = typeof type === "string" && Object.hasOwn(children, type) && isObject(children[type]);
  const own = named ? type : firstObject(children);
  for (const [name, child] of Object.entries(children)) {
    if (name !== own || !isObject(child)) put(attributes, `slack.audit.entity.${name}`, toAnyValue(child));
    // A role has a type of its own, which must not stand where the entity's does.
    else putMembers(attributes, "slack.audit.entity", child, { names: { type: `slack.audit.entity.${name}.type` } });
  }
}

function firstObject(children: Record<string, unknown>): string | undefined {
  return Object.keys(children).find((name) => isObject(children[name]));
}

function putContext(attributes: RecordAttributes, { location, app, ...context }: Record<string, unknown>): void {
  putMembers(attributes, "slack.audit.context", context, { names: CONTEXT_NAMES, types: TEXTS });
  for (const [name, value] of Object.entries({ location, app })) {
    if (isObject(value)) putMembers(attributes, `slack.audit.context.${name}`, value);
    else put(attributes, `slack.audit.context.${name}`, toAnyValue(value));
  }
}

/** Members that conventions define as strings. */
const TEXTS: Readonly<Record<string, Convert>> = {
  id: toText,
  email: toText,
  name: toText,
  ip_address: toText,
  ua: toText,
};

interface Naming {
  readonly names?: Readonly<Record<string, string>>;
  readonly types?: Readonly<Record<string, Convert>>;
}

function putMembers(
  attributes: RecordAttributes,
  prefix: string,
  members: Record<string, unknown>,
  { names = {}, types = {} }: Naming = {},
): void {
  for (const [key, value] of Object.entries(members)) {
    const name = Object.hasOwn(names, key) ? names[key] : undefined;
    const convert = Object.hasOwn(types, key) ? types[key] : undefined;
    put(attributes, name ?? `${prefix}.${key}`, (convert ?? defaultType(key))(value));
  }
}

/** Slack writes ids as strings, as numbers, or either; here they are always strings, and lists of ids lists of strings. */
function defaultType(key: string): Convert {
  if (key === "id" || key.endsWith("_id")) return toText;
  return key.endsWith("_ids") ? toTextList : toAnyValue;
}

/** Where two members come to one name both stay: the later one is marked. */
function put(attributes: RecordAttributes, name: string, value: AnyValue | undefined): void {
  if (value === undefined) return;
  let free = name.toWellFormed();
  while (Object.hasOwn(attributes, free)) free += "_";
  attributes[free] = value;
}
