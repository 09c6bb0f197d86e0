import type { Attributes } from "@opentelemetry/api";

/** Every member of an entry as an attribute with a dotted name, as one would write it without knowing the entries. */
export function flatten(value: object, prefix = "slack.audit.", into: Attributes = {}): Attributes {
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === "object" && member !== null) flatten(member, `${prefix}${key}.`, into);
    else into[prefix + key] = member;
  }
  return into;
}
