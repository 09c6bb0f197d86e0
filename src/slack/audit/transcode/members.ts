import type { RecordEncoding } from "../../../model.ts";
import { QUOTE } from "../json-bytes.ts";
import type { AttributeType } from "../mapping/attribute-type.ts";
import { createDetailsPuts } from "../mapping/details-puts.ts";
import { entryTree, type Tree } from "../mapping/entry-tree.ts";
import {
  addressSection,
  contextSection,
  entityMembers,
  entitySection,
  entityTypeSection,
  type Section,
} from "../mapping/members.ts";
import type { Vocabulary } from "../mapping/section.ts";
import { nameOf, typeOf } from "../mapping/type-of.ts";
import { type Scan, startsWith } from "./scan.ts";
import { addToHash, hashOf } from "./words.ts";

/** What is to be done with a member's value. */
export type Kind = "id" | "action" | "date" | "text" | "boolean" | "address" | "entity" | "object";

/** What may be followed by a member. */
export interface Predecessor {
  /** Which one followed it last: nearly always the one that follows it now. */
  next: Member | undefined;
}

/** A member of one of an entry's objects. */
export interface Member extends Predecessor {
  readonly kind: Kind;
  readonly key: Buffer;
  /** The key as it stands in a text, with its quotes and the colon. */
  readonly written: Buffer;
  /** Its attribute, as the encoding begins it: under each of its names. */
  readonly attributes: readonly Uint8Array[];
  /** Those of its value, where that is an object. */
  readonly members: Members;
  /** The entry in which it was met last: twice in one is not for us to judge. */
  metIn: number;
}

/** The members of an object. */
export interface Members extends Predecessor {
  readonly byHash: ReadonlyMap<number, Member>;
}

const NONE: Members = { byHash: new Map(), next: undefined };

/** Which types of attributes take a value as it stands there; values of the others must be taken apart. */
const KINDS: Readonly<Partial<Record<AttributeType, Kind>>> = { string: "text", json: "text", bool: "boolean" };

/** What the members become: names in a vocabulary, written in an encoding. */
export interface MembersOptions {
  readonly vocabulary: Vocabulary;
  readonly encoding: RecordEncoding;
}

/** What is known of an entry's members: those whose value can go to its attribute without being parsed. */
export function createEntryMembers({ vocabulary, encoding }: MembersOptions): Members {
  const special = new Set(["entity", ...Object.keys(createDetailsPuts(vocabulary))]);
  return withNested(entryTree, [
    member("id", "id"),
    member("action", "action"),
    member("date_create", "date"),
    member("entity", "entity", { names: [nameOf(entityTypeSection, "type")], members: entityTypes() }),
  ]);

  function withNested({ section, nested }: Tree, more: readonly Member[] = []): Members {
    const objects = Object.entries(nested).map(([key, tree]) => member(key, "object", { members: withNested(tree) }));
    const addresses = section === contextSection ? [...addressSection.types.keys()] : [];
    const other = addresses.map((key) => member(key, "address", { names: [nameOf(addressSection, key)] }));
    return tableOf([...plainMembers(section), ...objects, ...other, ...more]);
  }

  function entityTypes(): Members {
    const types = Object.keys(entityMembers);
    return tableOf(
      types.map((type) => member(type, "object", { members: tableOf(plainMembers(entitySection(type))) })),
    );
  }

  function plainMembers(section: Section): Member[] {
    return [...section.types.keys()].flatMap((key) => {
      const name = nameOf(section, key);
      const kind = KINDS[typeOf(name)];
      return kind && !special.has(key) ? [member(key, kind, { names: [name] })] : [];
    });
  }

  function member(key: string, kind: Kind, { names = [] as string[], members = NONE } = {}): Member {
    const toAttribute = kind === "boolean" ? encoding.attribute : encoding.textAttribute;
    const attributes = names.flatMap(vocabulary.rename).map(toAttribute);
    const written = Buffer.from(`${JSON.stringify(key)}:`);
    return { kind, key: Buffer.from(key), written, attributes, members, metIn: 0, next: undefined };
  }
}

/** Of several with the same key the last one counts. */
function tableOf(members: readonly Member[]): Members {
  // Of two keys with one hash the first would not be found, and its entries parsed.
  const hashed = members.map(
    (member) => [hashOf({ bytes: member.key, from: 0, to: member.key.length }), member] as const,
  );
  return { byHash: new Map(hashed), next: undefined };
}

/** Where a key is looked for. */
export interface Place {
  readonly members: Members;
  /** The member before it, or the object that it is the first of. */
  readonly behind: Predecessor;
  readonly entry: number;
}

/** Passes the key of a member and its colon; undefined where the member is not known, or known from earlier in the entry. */
export function passKey(scan: Scan, { members, behind, entry }: Place): Member | undefined {
  const expected = behind.next;
  if (expected && expected.metIn !== entry && startsWith(scan.bytes, expected.written, scan.at)) {
    scan.at += expected.written.length;
    expected.metIn = entry;
    return expected;
  }
  const member = findMember(scan, members);
  if (!member || member.metIn === entry) return undefined;
  scan.at += member.written.length;
  member.metIn = entry;
  behind.next = member;
  return member;
}

/** The member whose key stands there. */
function findMember({ bytes, at: start }: Scan, { byHash }: Members): Member | undefined {
  let hash = 0;
  for (let at = start + 1; bytes[at] !== QUOTE; at++) {
    const code = bytes[at];
    if (code === undefined) return undefined;
    hash = addToHash(hash, code);
  }
  const member = byHash.get(hash);
  return member && startsWith(bytes, member.written, start) ? member : undefined;
}
