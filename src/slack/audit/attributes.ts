import { type Entry, isObject, toSeconds } from "./entry.ts";
import { createAddressPut } from "./mapping/address-put.ts";
import { createDetailsPuts } from "./mapping/details-puts.ts";
import { createEntityPut } from "./mapping/entity-put.ts";
import { entryTree, type Tree } from "./mapping/entry-tree.ts";
import { createPut, type Put, type RecordAttributes } from "./mapping/put.ts";
import { createSection, type PutMember, putAll, type Vocabulary } from "./mapping/section.ts";

/** Puts the attributes of an entry behind those that are there: every member has one, whatever its name or type. */
export type PutEntry = (attributes: RecordAttributes, entry: Entry, members: Record<string, unknown>) => void;

/** Makes the way of entries to their attributes. */
export function createPutEntry(vocabulary: Vocabulary): PutEntry {
  const special: Readonly<Record<string, Readonly<Record<string, Put>>>> = {
    "": { entity: whole("entity", createEntityPut(vocabulary)) },
    context: { ip_address: createAddressPut(vocabulary) },
    details: createDetailsPuts(vocabulary),
  };
  const putMember = membersOf(entryTree);

  function membersOf({ section, nested }: Tree): PutMember {
    const puts = Object.entries(nested).map(([key, tree]) => {
      const putNested = membersOf(tree);
      return [key, whole(tree.section.path, (attributes, value) => putAll(attributes, putNested, value))] as const;
    });
    return createSection(section, vocabulary, { ...Object.fromEntries(puts), ...special[section.path] });
  }

  /** What should be an object and is none has an attribute of its own. */
  function whole(path: string, put: (attributes: RecordAttributes, value: Record<string, unknown>) => void): Put {
    const putText = createPut(`slack.audit.${path}`, vocabulary.rename);
    return (attributes, value) => (isObject(value) ? put(attributes, value) : putText(attributes, value));
  }

  return (attributes, entry, members) => {
    for (const key in members) {
      const value = members[key];
      if (!isToldAlready(key, value, entry)) putMember(key)(attributes, value);
    }
  };
}

/** The record has places for these; what is not of the kind that Slack means by them has an attribute like any other. */
function isToldAlready(key: string, value: unknown, { id, action }: Entry): boolean {
  if (key === "id") return value === id;
  if (key === "action") return value === action;
  if (key !== "date_create") return false;
  const seconds = toSeconds(value);
  return seconds !== undefined && (value === seconds || value === String(seconds));
}
