import { readFile, writeFile } from "node:fs/promises";
import { systemClock } from "../../src/runtime/clock.ts";
import { createHttp } from "../../src/runtime/http.ts";
import { readActions } from "../../src/slack/audit/catalogue/catalogue.ts";
import { type Action, actions } from "../../src/slack/audit/mapping/actions.ts";
import { createSeverity } from "../../src/slack/audit/mapping/severity.ts";

const TABLE = new URL("../../src/slack/audit/mapping/action-table.json", import.meta.url);

/** Adds the new actions of a response of Slack's `/actions` to the table. Known rows stay as they are. */
export function mergeActions(known: readonly Action[], response: unknown): Action[] {
  const names = new Set(known.map(({ name }) => name));
  const severityOf = createSeverity([]);
  const found = new Map(readActions(response).map(({ name, group }) => [name, group]));
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

/** Formats the table as JSON, like the formatter: one action per line if it fits. */
export function formatTable(rows: readonly Action[]): string {
  const lines = rows.map(({ name, category, severity, description }) => {
    const texts = [name, category, severity, description].map((text) => JSON.stringify(text));
    const line = `  [${texts.join(", ")}]`;
    return line.length < LINE_WIDTH ? line : `  [\n${texts.map((text) => `    ${text}`).join(",\n")}\n  ]`;
  });
  return `[\n${lines.join(",\n")}\n]\n`;
}

/** A first description, from the words of the name. Improve it by hand. */
function describe(name: string): string {
  const words = name.replace(/[_.]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

async function readSource(source: string): Promise<string> {
  if (!/^https?:/.test(source)) return readFile(source, "utf8");
  const http = createHttp({ clock: systemClock, timeoutMs: 30_000, maxAnswerBytes: 16 << 20 }, process.env);
  try {
    const { status, body } = await http.send(source, { method: "GET" }, new AbortController().signal);
    if (status !== 200) throw new Error(`Cannot read ${source}: it answered ${status}`);
    return body.toString("utf8");
  } finally {
    await http.close();
  }
}

if (import.meta.main) {
  const source = process.argv[2] ?? "https://api.slack.com/audit/v1/actions";
  const rows = mergeActions(actions, JSON.parse(await readSource(source)));
  await writeFile(TABLE, formatTable(rows));
  process.stdout.write(`${rows.length - actions.length} actions added, ${rows.length} in all\n`);
}
