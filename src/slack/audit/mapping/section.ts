import type { Section } from "./members.ts";
import { createPut, type Put, type RecordAttributes } from "./put.ts";
import { nameOf } from "./type-of.ts";
import type { NoticeNew, Preset } from "./vocabulary.ts";

/** What every part of a mapping shares. */
export interface Vocabulary extends Preset {
  readonly notice: NoticeNew;
}

/** The members of one of an entry's objects, as they become attributes. */
export type PutMember = (key: string) => Put;

const MOST_KEYS = 5_000;
const LONGEST_KEY = 200;

/** Makes the way of a section's members to their attributes. All that is the same for a member each time is done once. */
export function createSection(
  section: Section,
  { rename, notice }: Vocabulary,
  special: Readonly<Record<string, Put>> = {},
): PutMember {
  const puts = new Map<string, Put>(Object.entries(special));
  return (key) => {
    const known = puts.get(key);
    if (known) return known;
    if (!section.types.has(key)) notice("member", section.path ? `${section.path}.${key}` : key);
    const put = createPut(nameOf(section, key), rename);
    if (puts.size < MOST_KEYS && key.length <= LONGEST_KEY) puts.set(key, put);
    return put;
  };
}

/** Puts every member of an object. */
export function putAll(attributes: RecordAttributes, putMember: PutMember, members: Record<string, unknown>): void {
  for (const key in members) putMember(key)(attributes, members[key]);
}
