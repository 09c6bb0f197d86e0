import type { Mutant } from "./mutant.ts";

const READER = "src/slack/audit/reader.ts";
const TEST = "test/slack/audit/transcode.test.ts";

/** How entries become records without being parsed. The simulation's entries are too plain for it: a test must notice. */
export const TRANSCODE_MUTANTS: readonly Mutant[] = [
  {
    name: "a member that occurs twice is taken twice",
    file: "src/slack/audit/transcode/members.ts",
    find: "if (!member || member.metIn === entry)",
    replace: "if (!member)",
    test: TEST,
  },
  {
    name: "a member that follows as before is taken twice",
    file: "src/slack/audit/transcode/members.ts",
    find: "if (expected && expected.metIn !== entry && ",
    replace: "if (expected && ",
    test: TEST,
  },
  {
    name: "a key that is not the expected one is taken for it",
    file: "src/slack/audit/transcode/members.ts",
    find: "startsWith(scan.bytes, expected.written, scan.at)) {",
    replace: "scan.bytes[scan.at + 1] === expected.written[1]) {",
    test: TEST,
  },
  {
    name: "an escape is copied with its backslash",
    file: "src/slack/audit/transcode/scan.ts",
    find: "      scan.escapes++;\n",
    replace: "",
    test: TEST,
  },
  {
    name: "what the short way wrote before it gave up stays in the record",
    file: READER,
    find: "        output.length = start;\n",
    replace: "",
    test: TEST,
  },
  {
    name: "what stands between two entries is not looked at",
    file: "src/slack/audit/page.ts",
    find: "if (bytes[at] !== COMMA) throw",
    replace: "if (bytes[at] === undefined) throw",
    test: "test/slack/audit/page.test.ts",
  },
  {
    name: "bytes that are not UTF-8 are sent as they are",
    file: READER,
    find: 'const bytes = isUtf8(body) ? body : Buffer.from(body.toString("utf8"));',
    replace: "const bytes = isUtf8(body) ? body : body;",
    test: TEST,
  },
];
