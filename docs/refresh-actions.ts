import { systemClock } from "../src/runtime/clock.ts";
import { systemFiles } from "../src/runtime/files.ts";
import { createHttp } from "../src/runtime/http.ts";
import { type Action, actions } from "../src/slack/audit/actions.ts";
import { readActions } from "../src/slack/audit/catalogue.ts";
import { createSeverity } from "../src/slack/audit/severity.ts";

const TABLE = new URL("../src/slack/audit/action-table.json", import.meta.url);

/** The table with what an answer of Slack's `/actions` has beyond it. Nothing is lost, and no description is changed. */
export function merge(known: readonly Action[], answer: unknown): Action[] {
  const names = new Set(known.map(({ name }) => name));
  const severityOf = createSeverity([]);
  const found = new Map(readActions(answer).map(({ name, group }) => [name, group]));
  const added = [...found]
    .filter(([name]) => !names.has(name))
    .map(([name, category]): Action => {
      const severity = severityOf(name) > 9 ? "WARN" : "INFO";
      return { name, category, severity, description: describe(name) };
    });
  const groups = [...new Set([...known, ...added].map(({ category }) => category))];
  const order = ({ category, name }: Action) => `${String(groups.indexOf(category)).padStart(4, "0")} ${name}`;
  return [...known, ...added].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

const LINE_WIDTH = 120;

/** The table as it stands in its file: an action a line where it fits, as the formatter has it. */
export function write(rows: readonly Action[]): string {
  const lines = rows.map(({ name, category, severity, description }) => {
    const texts = [name, category, severity, description].map((text) => JSON.stringify(text));
    const line = `  [${texts.join(", ")}]`;
    return line.length < LINE_WIDTH ? line : `  [\n${texts.map((text) => `    ${text}`).join(",\n")}\n  ]`;
  });
  return `[\n${lines.join(",\n")}\n]\n`;
}

/** A stub, to be put into better words by hand. */
function describe(name: string): string {
  const words = name.replace(/[_.]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

async function read(from: string): Promise<string> {
  if (!/^https?:/.test(from)) return systemFiles.readFile(from, "utf8");
  const http = createHttp({ clock: systemClock, timeoutMs: 30_000, maxAnswerBytes: 16 << 20 }, process.env);
  try {
    const { status, body } = await http.send(from, { method: "GET" }, new AbortController().signal);
    if (status !== 200) throw new Error(`Cannot read ${from}: it answered ${status}`);
    return body.toString("utf8");
  } finally {
    await http.close();
  }
}

if (import.meta.main) {
  const from = process.argv[2] ?? "https://api.slack.com/audit/v1/actions";
  const rows = merge(actions, JSON.parse(await read(from)));
  const handle = await systemFiles.open(TABLE, "w");
  await handle.writeFile(write(rows));
  await handle.close();
  process.stdout.write(`${rows.length - actions.length} actions added, ${rows.length} in all\n`);
}
