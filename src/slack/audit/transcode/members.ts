import type { RecordEncoding } from "../../../model.ts";
import { COLON, QUOTE } from "../json-bytes.ts";
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

/** A member of one of an entry's objects. */
export interface Member {
  readonly kind: Kind;
  readonly key: Buffer;
  /** Its attribute, as the encoding begins it: under each of its names. */
  readonly attributes: readonly Uint8Array[];
  /** Those of its value, where that is an object. */
  readonly members: Members;
  /** The entry in which it was met last: twice in one is not for us to judge. */
  metIn: number;
}

/** The members of an object, by the hash of their keys. */
export type Members = ReadonlyMap<number, Member>;

const NONE: Members = new Map();

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
    return { kind, key: Buffer.from(key), attributes, members, metIn: 0 };
  }
}

/** Of several with the same key the last one counts. */
function tableOf(members: readonly Member[]): Members {
  // Of two keys with one hash the first would not be found, and its entries parsed.
  return new Map(members.map((member) => [hashOf({ bytes: member.key, from: 0, to: member.key.length }), member]));
}

/** Passes the key of a member and its colon; undefined where the member is not known, or known from earlier in the entry. */
export function passKey(scan: Scan, members: Members, entry: number): Member | undefined {
  const { bytes } = scan;
  const from = scan.at + 1;
  if (bytes[from - 1] !== QUOTE) return undefined;
  let at = from;
  let hash = 0;
  for (let code = bytes[at]; code !== QUOTE; code = bytes[++at]) {
    if (code === undefined) return undefined;
    hash = addToHash(hash, code);
  }
  const member = members.get(hash);
  if (!member || member.key.length !== at - from || !startsWith(bytes, member.key, from)) return undefined;
  if (member.metIn === entry || bytes[at + 1] !== COLON) return undefined;
  member.metIn = entry;
  scan.at = at + 2;
  return member;
}
