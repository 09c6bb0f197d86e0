import type { Mutant } from "./mutant.ts";

const READER = "src/slack/audit/decode/reader.ts";
const TEST = "test/slack/audit/decode/transcode/transcode.test.ts";

/** Mutants of the transcoder. The simulation's entries are too simple to detect them, so a test does. */
export const TRANSCODE_MUTANTS: readonly Mutant[] = [
  {
    name: "a member that occurs twice is taken twice",
    file: "src/slack/audit/decode/transcode/member-table.ts",
    find: "if (!member || member.lastEntry === entry)",
    replace: "if (!member)",
    test: TEST,
  },
  {
    name: "an expected member that occurs twice is taken twice",
    file: "src/slack/audit/decode/transcode/member-table.ts",
    find: "if (expected && expected.lastEntry !== entry && ",
    replace: "if (expected && ",
    test: TEST,
  },
  {
    name: "a key that is not the expected one counts as it",
    file: "src/slack/audit/decode/transcode/member-table.ts",
    find: "startsWith(scanner.bytes, expected.keyToken, scanner.at)) {",
    replace: "scanner.bytes[scanner.at + 1] === expected.keyToken[1]) {",
    test: TEST,
  },
  {
    name: "an escape is copied with its backslash",
    file: "src/slack/audit/decode/transcode/scan.ts",
    find: "      scanner.escapes++;\n",
    replace: "",
    test: TEST,
  },
  {
    name: "the part of a record that was transcoded before a failure stays",
    file: READER,
    find: "        buffer.length = start;\n",
    replace: "",
    test: TEST,
  },
  {
    name: "the text between two entries is not checked",
    file: "src/slack/audit/decode/page.ts",
    find: "if (bytes[at] !== COMMA) throw",
    replace: "if (bytes[at] === undefined) throw",
    test: "test/slack/audit/decode/page.test.ts",
  },
  {
    name: "bytes that are not UTF-8 are sent as they are",
    file: READER,
    find: 'const bytes = isUtf8(body) ? body : Buffer.from(body.toString("utf8"));',
    replace: "const bytes = isUtf8(body) ? body : body;",
    test: TEST,
  },
];
