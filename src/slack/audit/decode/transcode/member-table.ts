import type { RecordEncoding } from "../../../../encoding.ts";
import { QUOTE } from "../../../../runtime/json.ts";
import type { AttributeType } from "../../mapping/attribute-type.ts";
import {
  addressSchema,
  contextSchema,
  entityMembers,
  entitySchema,
  entityTypeSchema,
  type ObjectSchema,
} from "../../mapping/entry-schema.ts";
import { entryShape, type ObjectShape } from "../../mapping/entry-shape.ts";
import { createDetailsSetters } from "../../mapping/special-members.ts";
import { nameOf, typeOf } from "../../mapping/type-of.ts";
import type { Vocabulary } from "../../mapping/vocabulary.ts";
import { addToHash, hashOf } from "./intern.ts";
import { type Scanner, startsWith } from "./scan.ts";

/** How a member's value is transcoded. */
export type MemberKind = "id" | "action" | "date" | "text" | "boolean" | "address" | "entity" | "object";

/** A member or an object, which a member follows. */
export interface Predecessor {
  /** The member that followed last time: nearly always the one that follows now. */
  next: Member | undefined;
}

/** A known member of one of an entry's objects. */
export interface Member extends Predecessor {
  readonly kind: MemberKind;
  readonly key: Buffer;
  /** The key with its quotes and the colon. */
  readonly keyToken: Buffer;
  /** The encoded keys of its attribute: one for each name in the vocabulary. */
  readonly attributeKeys: readonly Uint8Array[];
  /** The members of its value, if that is an object. */
  readonly members: MemberTable;
  /** The number of the last entry that has this member. Detects duplicate keys, which take the slow path. */
  lastEntry: number;
}

/** The known members of an object. */
export interface MemberTable extends Predecessor {
  readonly byHash: ReadonlyMap<number, Member>;
}

const EMPTY: MemberTable = { byHash: new Map(), next: undefined };

/** Attribute types whose values are copied; values of other types are parsed. */
const KINDS: Readonly<Partial<Record<AttributeType, MemberKind>>> = { string: "text", json: "text", bool: "boolean" };

/** Makes the table of the members whose values can be transcoded. Entries with other members are parsed. */
export function createMemberTable(vocabulary: Vocabulary, encoding: RecordEncoding): MemberTable {
  const special = new Set(["entity", ...Object.keys(createDetailsSetters(vocabulary))]);
  return tableOfShape(entryShape, [
    member("id", "id"),
    member("action", "action"),
    member("date_create", "date"),
    member("entity", "entity", { names: [nameOf(entityTypeSchema, "type")], members: entityTypes() }),
  ]);

  function tableOfShape({ schema, nested }: ObjectShape, more: readonly Member[] = []): MemberTable {
    const objects = Object.entries(nested).map(([key, shape]) =>
      member(key, "object", { members: tableOfShape(shape) }),
    );
    const addresses = schema === contextSchema ? [...addressSchema.types.keys()] : [];
    const other = addresses.map((key) => member(key, "address", { names: [nameOf(addressSchema, key)] }));
    return tableOf([...plainMembers(schema), ...objects, ...other, ...more]);
  }

  function entityTypes(): MemberTable {
    const types = Object.keys(entityMembers);
    return tableOf(types.map((type) => member(type, "object", { members: tableOf(plainMembers(entitySchema(type))) })));
  }

  function plainMembers(schema: ObjectSchema): Member[] {
    return [...schema.types.keys()].flatMap((key) => {
      const name = nameOf(schema, key);
      const kind = KINDS[typeOf(name)];
      return kind && !special.has(key) ? [member(key, kind, { names: [name] })] : [];
    });
  }

  function member(key: string, kind: MemberKind, { names = [] as string[], members = EMPTY } = {}): Member {
    const encodeKey = kind === "boolean" ? encoding.encodeKey : encoding.encodeStringKey;
    const attributeKeys = names.flatMap(vocabulary.rename).map((name) => encodeKey(name));
    const keyToken = Buffer.from(`${JSON.stringify(key)}:`);
    return { kind, key: Buffer.from(key), keyToken, attributeKeys, members, lastEntry: 0, next: undefined };
  }
}

/** The last member with a key wins. */
function tableOf(members: readonly Member[]): MemberTable {
  // Of two keys with the same hash the first is not found, and its entries are parsed.
  const hashed = members.map(
    (member) => [hashOf({ bytes: member.key, from: 0, to: member.key.length }), member] as const,
  );
  return { byHash: new Map(hashed), next: undefined };
}

/** The context of a key. */
export interface KeyContext {
  readonly members: MemberTable;
  /** The member before the key, or the object that begins with it. */
  readonly previous: Predecessor;
  /** The number of the entry, from 1. */
  readonly entry: number;
}

/** Scans a key and its colon; undefined where the member is unknown, or the entry has it already. */
export function scanKey(scanner: Scanner, { members, previous, entry }: KeyContext): Member | undefined {
  const expected = previous.next;
  if (expected && expected.lastEntry !== entry && startsWith(scanner.bytes, expected.keyToken, scanner.at)) {
    scanner.at += expected.keyToken.length;
    expected.lastEntry = entry;
    return expected;
  }
  const member = findMember(scanner, members);
  if (!member || member.lastEntry === entry) return undefined;
  scanner.at += member.keyToken.length;
  member.lastEntry = entry;
  previous.next = member;
  return member;
}

function findMember({ bytes, at: start }: Scanner, { byHash }: MemberTable): Member | undefined {
  let hash = 0;
  for (let at = start + 1; bytes[at] !== QUOTE; at++) {
    const code = bytes[at];
    if (code === undefined) return undefined;
    hash = addToHash(hash, code);
  }
  const member = byHash.get(hash);
  return member && startsWith(bytes, member.keyToken, start) ? member : undefined;
}
