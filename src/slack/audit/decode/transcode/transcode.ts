import type { GrowableBuffer, RecordEncoding } from "../../../../encoding.ts";
import type { ByteRange, Seconds } from "../../../../model.ts";
import { CLOSE_BRACE, COMMA, OPEN_BRACE } from "../../../../runtime/json.ts";
import { toDate } from "../../entry.ts";
import type { ActionInfoOf } from "../../mapping/action-info.ts";
import { memoize } from "../../mapping/memoize.ts";
import { isAddress } from "../../mapping/special-members.ts";
import type { Vocabulary } from "../../mapping/vocabulary.ts";
import { createIntern } from "./intern.ts";
import { createMemberTable, type Member, type MemberTable, type Predecessor, scanKey } from "./member-table.ts";
import { isIPv4, type Scanner, scanCharacter, scanInteger, scanLiteral, scanString, startsWith } from "./scan.ts";

/** An entry that was transcoded. The next call overwrites it. */
export interface TranscodedEntry {
  readonly id: ByteRange;
  readonly action: string;
  readonly date: Seconds;
  /** The index after the entry. */
  readonly to: number;
}

/** Where records are written, and the encoded tail that each ends with. */
export interface TranscoderOutput {
  readonly buffer: GrowableBuffer;
  readonly tail: Uint8Array;
}

/** Transcodes the entry that begins at `from`; undefined where it must be parsed. The buffer may then hold a part of its record. */
export type Transcode = (
  source: Pick<ByteRange, "bytes" | "from">,
  output: TranscoderOutput,
) => TranscodedEntry | undefined;

const NULL = Buffer.from("null");
const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const TYPE = Buffer.from('"type":');

/**
 * Makes the function that transcodes an entry to its record: one pass over the text, which copies each value to its attribute.
 * It takes strings, integers and booleans under known names, each once, as nearly all entries have them; everything else is left
 * to parsing and mapping, which takes three times the CPU (docs/performance.md).
 */
export function createTranscoder(
  { vocabulary, infoOf }: { readonly vocabulary: Vocabulary; readonly infoOf: ActionInfoOf },
  encoding: RecordEncoding,
): Transcode {
  const members = createMemberTable(vocabulary, encoding);
  const headOf = memoize((action) => encoding.encodeHead(infoOf(action)));
  const uidKeys = vocabulary.rename("log.record.uid").map((name) => encoding.encodeStringKey(name));
  const timeKeys = vocabulary.time ? [encoding.encodeKey(vocabulary.time)] : [];
  const scanner: Scanner = { bytes: Buffer.alloc(0), at: 0, from: 0, to: 0, escapes: 0 };
  const id = { ...scanner };
  const intern = createIntern();
  const transcoded = { id, action: "", date: 0, to: 0 };
  let buffer: GrowableBuffer;
  let entry = 0;
  let hasHead = false;

  return ({ bytes, from }, output) => {
    scanner.bytes = bytes;
    scanner.at = from;
    buffer = output.buffer;
    entry++;
    hasHead = false;
    id.from = id.to = 0;
    transcoded.action = "";
    transcoded.date = 0;
    if (!scanMembers(members) || !(hasHead || writeHead())) return undefined;
    encoding.writeBytes(buffer, output.tail);
    transcoded.to = scanner.at;
    return transcoded;
  };

  /** Writes all that precedes the members' attributes. Slack's entries begin with id, action and date. */
  function writeHead(): boolean {
    hasHead = true;
    if (id.from === id.to || transcoded.action === "" || transcoded.date === 0) return false;
    encoding.writeTime(buffer, transcoded.date);
    encoding.writeBytes(buffer, headOf(transcoded.action));
    for (const key of uidKeys) encoding.writeString(buffer, key, id);
    for (const key of timeKeys) encoding.writeInteger(buffer, key, transcoded.date * 1_000);
    return true;
  }

  function scanMembers(table: MemberTable): boolean {
    if (!scanCharacter(scanner, OPEN_BRACE)) return false;
    if (scanCharacter(scanner, CLOSE_BRACE)) return true;
    let previous: Predecessor = table;
    do {
      const member = scanKey(scanner, { members: table, previous, entry });
      if (!member || !transcodeValue(member)) return false;
      previous = member;
    } while (scanCharacter(scanner, COMMA));
    return scanCharacter(scanner, CLOSE_BRACE);
  }

  function transcodeValue(member: Member): boolean {
    if (member.kind === "id") {
      if (!scanPlainString()) return false;
      ({ bytes: id.bytes, from: id.from, to: id.to } = scanner);
      return true;
    }
    if (member.kind === "action") {
      if (!scanPlainString()) return false;
      transcoded.action = intern(scanner);
      return true;
    }
    if (member.kind === "date") {
      if (!scanInteger(scanner)) return false;
      transcoded.date = toDate(Number(scannedText())) ?? 0;
      return true;
    }
    if (!hasHead && !writeHead()) return false;
    if (scanLiteral(scanner, NULL)) return true;
    switch (member.kind) {
      case "text":
        return (scanString(scanner) || scanInteger(scanner)) && writeScanned(member);
      case "address":
        return (
          scanPlainString() &&
          (scanner.from === scanner.to || isIPv4(scanner) || isAddress(scannedText())) &&
          writeScanned(member)
        );
      case "boolean":
        return transcodeBoolean(member);
      case "object":
        return scanMembers(member.members);
      case "entity":
        return transcodeEntity(member);
    }
  }

  function transcodeBoolean({ attributeKeys }: Member): boolean {
    const value = scanLiteral(scanner, TRUE);
    if (!value && !scanLiteral(scanner, FALSE)) return false;
    for (const key of attributeKeys) encoding.writeBoolean(buffer, key, value);
    return true;
  }

  /** Takes only `{"type":"file","file":{…}}`, in this order: the type must be known before the child. */
  function transcodeEntity(member: Member): boolean {
    if (!scanCharacter(scanner, OPEN_BRACE) || !scanLiteral(scanner, TYPE) || !scanPlainString()) return false;
    const { from, to } = scanner;
    writeScanned(member);
    const child = scanCharacter(scanner, COMMA)
      ? scanKey(scanner, { members: member.members, previous: member.members, entry })
      : undefined;
    if (!child || child.key.length !== to - from || !startsWith(scanner.bytes, child.key, from)) return false;
    return scanMembers(child.members) && scanCharacter(scanner, CLOSE_BRACE);
  }

  /** Scans a string without escapes. */
  function scanPlainString(): boolean {
    return scanString(scanner) && scanner.escapes === 0;
  }

  function scannedText(): string {
    return scanner.bytes.toString("utf8", scanner.from, scanner.to);
  }

  /** An empty string makes no attribute. */
  function writeScanned({ attributeKeys }: Member): boolean {
    if (scanner.from < scanner.to) for (const key of attributeKeys) encoding.writeString(buffer, key, scanner);
    return true;
  }
}
