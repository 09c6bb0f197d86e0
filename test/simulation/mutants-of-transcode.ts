import type { Mutant } from "./mutant.ts";

const READER = "src/slack/audit/reader.ts";
const TEST = "test/slack/audit/transcode.test.ts";

/** How entries become records without being parsed. The simulation's entries are too plain for it: a test must notice. */
export const TRANSCODE_MUTANTS: readonly Mutant[] = [
  {
    name: "a member that occurs twice is taken twice",
    file: "src/slack/audit/transcode/members.ts",
    find: "if (member.metIn === entry || bytes",
    replace: "if (bytes",
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
