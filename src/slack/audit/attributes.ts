import { type Entry, isObject, toSeconds } from "./entry.ts";
import { createAddressPut } from "./mapping/address-put.ts";
import { detailsSection } from "./mapping/details.ts";
import { createDetailsPuts } from "./mapping/details-puts.ts";
import { createEntityPut } from "./mapping/entity-put.ts";
import {
  actorSection,
  actorUserSection,
  agentMessageSection,
  contextAppSection,
  contextSection,
  entrySection,
  locationSection,
  type Section,
} from "./mapping/members.ts";
import { createPut, type Put, type RecordAttributes } from "./mapping/put.ts";
import { createSection, type PutMember, putAll, type Vocabulary } from "./mapping/section.ts";

/** Puts the attributes of an entry behind those that are there: every member has one, whatever its name or type. */
export type PutEntry = (attributes: RecordAttributes, entry: Entry, members: Record<string, unknown>) => void;

/** Makes the way of entries to their attributes. */
export function createPutEntry(vocabulary: Vocabulary): PutEntry {
  const putEntity = createEntityPut(vocabulary);
  const nested = (section: Section, special: Readonly<Record<string, Put>> = {}): Put => {
    const putMember = createSection(section, vocabulary, special);
    return whole(section.path, (attributes, value) => putAll(attributes, putMember, value));
  };
  const putMember: PutMember = createSection(entrySection, vocabulary, {
    actor: nested(actorSection, { user: nested(actorUserSection) }),
    entity: whole("entity", putEntity),
    context: nested(contextSection, {
      ip_address: createAddressPut(vocabulary),
      location: nested(locationSection),
      app: nested(contextAppSection),
      agent_message: nested(agentMessageSection),
    }),
    details: nested(detailsSection, createDetailsPuts(vocabulary)),
  });

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
