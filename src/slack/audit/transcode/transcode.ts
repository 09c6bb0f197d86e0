import type { Output, RecordEncoding, Seconds, Stretch } from "../../../model.ts";
import { toDate } from "../entry.ts";
import { CLOSE_BRACE, COMMA, OPEN_BRACE } from "../json-bytes.ts";
import { isAddress } from "../mapping/address-put.ts";
import type { FactsOf } from "../mapping/facts.ts";
import type { Vocabulary } from "../mapping/section.ts";
import { createEntryMembers, type Member, type Members, type Predecessor, passKey } from "./members.ts";
import { isIPv4, passCharacter, passInteger, passString, passWord, type Scan, startsWith } from "./scan.ts";
import { createReadWord } from "./words.ts";

/** What an entry is known by, and where it ends; written over with the next entry. */
export interface Heading {
  readonly id: Stretch;
  readonly action: string;
  readonly date: Seconds;
  readonly to: number;
}

/** What entries become. */
export interface TranscodeOptions {
  readonly vocabulary: Vocabulary;
  readonly encoding: RecordEncoding;
  readonly factsOf: FactsOf;
}

/** Where a record goes, and what it ends with. */
export interface Target {
  readonly output: Output;
  readonly tail: Uint8Array;
}

const NULL = Buffer.from("null");
const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const TYPE = Buffer.from('"type":');

/**
 * Makes the short way from an entry to its record: the text is passed once, and each value copied to its attribute. It takes
 * what nearly every entry is, strings and integers under known names, once each. Where anything else turns up the answer is
 * undefined, and the entry must be parsed and mapped; so nothing is decided here but what is plain. Parsing, mapping and
 * encoding take three times the CPU (docs/performance.md).
 */
export function createTranscode({ vocabulary, encoding, factsOf }: TranscodeOptions) {
  const members = createEntryMembers({ vocabulary, encoding });
  const uids = vocabulary.rename("log.record.uid").map(encoding.textAttribute);
  const times = vocabulary.time ? [encoding.attribute(vocabulary.time)] : [];
  const scan: Scan = { bytes: Buffer.alloc(0), at: 0, from: 0, to: 0, escapes: 0 };
  const id = { ...scan };
  const readWord = createReadWord();
  const heading = { id, action: "", date: 0, to: 0 };
  let output: Output;
  let entry = 0;
  let hasBegun = false;

  return ({ bytes, from }: Pick<Stretch, "bytes" | "from">, target: Target): Heading | undefined => {
    scan.bytes = bytes;
    scan.at = from;
    output = target.output;
    entry++;
    hasBegun = false;
    id.from = id.to = 0;
    heading.action = "";
    heading.date = 0;
    if (!passMembers(members) || !(hasBegun || begin())) return undefined;
    encoding.putPiece(output, target.tail);
    heading.to = scan.at;
    return heading;
  };

  /** Id, action and date come first at Slack, so that all before the members' attributes can be written first. */
  function begin(): boolean {
    hasBegun = true;
    const { head } = factsOf(heading.action);
    if (head === undefined || id.from === id.to || heading.action === "" || heading.date === 0) return false;
    encoding.putTime(output, heading.date);
    encoding.putPiece(output, head);
    for (const attribute of uids) encoding.putText(output, attribute, id);
    for (const attribute of times) encoding.putInteger(output, attribute, heading.date * 1_000);
    return true;
  }

  function passMembers(known: Members): boolean {
    if (!passCharacter(scan, OPEN_BRACE)) return false;
    if (passCharacter(scan, CLOSE_BRACE)) return true;
    let behind: Predecessor = known;
    do {
      const member = passKey(scan, { members: known, behind, entry });
      if (!member || !passValue(member)) return false;
      behind = member;
    } while (passCharacter(scan, COMMA));
    return passCharacter(scan, CLOSE_BRACE);
  }

  function passValue(member: Member): boolean {
    if (member.kind === "id") {
      if (!passText()) return false;
      ({ bytes: id.bytes, from: id.from, to: id.to } = scan);
      return true;
    }
    if (member.kind === "action") {
      if (!passText()) return false;
      heading.action = readWord(scan);
      return true;
    }
    if (member.kind === "date") {
      if (!passInteger(scan)) return false;
      heading.date = toDate(Number(textPassed())) ?? 0;
      return true;
    }
    if (!hasBegun && !begin()) return false;
    if (passWord(scan, NULL)) return true;
    switch (member.kind) {
      case "text":
        return (passString(scan) || passInteger(scan)) && putText(member);
      case "address":
        return passText() && (scan.from === scan.to || isIPv4(scan) || isAddress(textPassed())) && putText(member);
      case "boolean":
        return passBoolean(member);
      case "object":
        return passMembers(member.members);
      case "entity":
        return passEntity(member);
    }
  }

  function passBoolean({ attributes }: Member): boolean {
    const value = passWord(scan, TRUE);
    if (!value && !passWord(scan, FALSE)) return false;
    for (const attribute of attributes) encoding.putBoolean(output, attribute, value);
    return true;
  }

  /** `{"type":"file","file":{…}}`, in this order: by its child the type is known. */
  function passEntity(member: Member): boolean {
    if (!passCharacter(scan, OPEN_BRACE) || !passWord(scan, TYPE) || !passText()) return false;
    const { from, to } = scan;
    putText(member);
    const child = passCharacter(scan, COMMA)
      ? passKey(scan, { members: member.members, behind: member.members, entry })
      : undefined;
    if (!child || child.key.length !== to - from || !startsWith(scan.bytes, child.key, from)) return false;
    return passMembers(child.members) && passCharacter(scan, CLOSE_BRACE);
  }

  function passText(): boolean {
    return passString(scan) && scan.escapes === 0;
  }

  function textPassed(): string {
    return scan.bytes.toString("utf8", scan.from, scan.to);
  }

  /** An empty text is no attribute. */
  function putText({ attributes }: Member): boolean {
    if (scan.from < scan.to) for (const attribute of attributes) encoding.putText(output, attribute, scan);
    return true;
  }
}
