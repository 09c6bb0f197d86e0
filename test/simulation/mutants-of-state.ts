import type { Mutant } from "./mutant.ts";

const COLLECT = "src/collect.ts";
const FILES = "src/runtime/files.ts";
const DELIVER = "if (page.records.length > 0) await deliver(page.records, hardStop);";
const SAVE = "await checkpoints.save(source.name, page.next, hardStop);";

/** Faults in when a position is saved, whether it survives, and how a restart reads it. */
export const STATE_MUTANTS: readonly Mutant[] = [
  {
    name: "save before deliver",
    file: COLLECT,
    find: `${DELIVER}\n    ${SAVE}`,
    replace: `${SAVE}\n    ${DELIVER}`,
  },
  {
    name: "export while the position is unsaved",
    file: COLLECT,
    find: SAVE,
    replace: "checkpoints.save(source.name, page.next, hardStop).catch(() => {});",
  },
  {
    name: "a stop drops the page in hand",
    file: COLLECT,
    find: DELIVER,
    replace: "if (page.records.length > 0) await deliver(page.records, stopping);",
  },
  {
    name: "seen before acknowledged",
    file: "src/slack/audit/walk/walk.ts",
    find: "if (undelivered.length > 0 || !pending) yield",
    replace:
      "yield { records: [], next: positionToJson(position) };\n      if (undelivered.length > 0 || !pending) yield",
  },
  {
    name: "seen cleared on restart",
    file: "src/slack/audit/walk/position.ts",
    find: "seen: seenFromJson(seen),",
    replace: "seen: (seenFromJson(seen), new Map()),",
  },
  {
    name: "a save that failed counts as one",
    file: "src/state/checkpoints.ts",
    find: 'return { status: "retry", why: `Cannot write',
    replace: 'return { status: "ok", value: undefined, why: `Cannot write',
  },
  {
    name: "files are not synced",
    file: FILES,
    find: "flush: true",
    replace: "flush: false",
  },
  {
    name: "the folder is not synced",
    file: FILES,
    find: "  await syncFolder(io.files, path.dirname(file));\n}",
    replace: "}",
  },
  {
    name: "a new folder is not synced",
    file: FILES,
    find: "    await syncFolder(files, path.dirname(made));",
    replace: "    path.dirname(made);",
  },
  {
    name: "a folder that a killed process made is not synced",
    file: FILES,
    find: "if (first === undefined) return syncExistingName(files, path.resolve(folder));",
    replace: "if (first === undefined) return; void syncExistingName;",
  },
  {
    name: "two new folders are made at once",
    file: "src/otlp/export/dead-letters.ts",
    find: "        await makeFolder(files, directory);\n",
    replace: "",
  },
];
