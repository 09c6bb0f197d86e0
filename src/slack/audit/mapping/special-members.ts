import { isIP } from "node:net";
import { isObject } from "../../../runtime/json.ts";
import { createAttributeSetter, createMemberSetters, type SetAttribute } from "./attribute-setter.ts";
import { unpackStrings } from "./attribute-type.ts";
import { addressSchema, contextSchema, inviterSchema, kickerSchema, type ObjectSchema } from "./entry-schema.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * Makes the setter of `context.ip_address`. Slack documents no format, so a value that is not an address (`unknown`, a host
 * name, a list) gets another attribute.
 */
export function createAddressSetter({ rename }: Vocabulary): SetAttribute {
  const setAddress = createAttributeSetter(addressSchema.names.ip_address ?? "", rename);
  const setOther = createAttributeSetter(`${contextSchema.prefix}.ip_address`, rename);
  return (attributes, value) => {
    if (typeof value === "string" && isAddress(value)) setAddress(attributes, value);
    else setOther(attributes, value);
  };
}

/** Reports whether a string is an IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0;
}

/** Makes the setters of the members of `details` that Slack writes in several ways, so that all ways give the same attributes. */
export function createDetailsSetters(vocabulary: Vocabulary): Readonly<Record<string, SetAttribute>> {
  const setter = (key: string) => createAttributeSetter(`slack.audit.details.${key}`, vocabulary.rename);
  const listSetter = (key: string) =>
    createAttributeSetter(`slack.audit.details.${key}`, vocabulary.rename, unpackStrings);
  const [setTimestamp, setTime] = [setter("action_timestamp"), setter("action_time")];
  return {
    inviter: createPersonSetter(inviterSchema, vocabulary),
    kicker: createPersonSetter(kickerSchema, vocabulary),
    succeeded_users: listSetter("succeeded_users"),
    failed_users: listSetter("failed_users"),
    action_timestamp(attributes, value) {
      setTimestamp(attributes, value);
      setTime(attributes, timeOfAction(value));
    },
  };
}

/** A person is `{id, name, …}` or `{type, user: {id, name, …}}`. */
function createPersonSetter(schema: ObjectSchema, vocabulary: Vocabulary): SetAttribute {
  const setterOf = createMemberSetters(schema, vocabulary);
  const setWhole = createAttributeSetter(schema.prefix, vocabulary.rename);
  return (attributes, value) => {
    if (!isObject(value)) return setWhole(attributes, value);
    for (const key in value) {
      const member = value[key];
      if (key !== "user" || !isObject(member)) setterOf(key)(attributes, member);
      else for (const inner in member) setterOf(inner)(attributes, member[inner]);
    }
  };
}

/**
 * Formats `details.action_timestamp` as RFC 3339; undefined where it is not a time. Slack documents microseconds
 * (docs.slack.dev/reference/audit-logs-api/anomalous-events-reference), but milliseconds occur too: the size tells the unit.
 */
export function timeOfAction(timestamp: unknown): string | undefined {
  const digits = typeof timestamp === "number" ? String(timestamp) : timestamp;
  if (typeof digits !== "string" || !/^\d{9,19}$/.test(digits)) return undefined;
  // Seconds have up to 11 digits. Each smaller unit has three more.
  const fraction = Math.ceil(Math.max(0, digits.length - 11) / 3) * 3;
  const seconds = new Date(Number(digits.slice(0, digits.length - fraction)) * 1_000).toISOString().slice(0, 19);
  return fraction > 0 ? `${seconds}.${digits.slice(-fraction)}Z` : `${seconds}Z`;
}
