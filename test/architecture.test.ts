import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const SRC = path.resolve(import.meta.dirname, "../src");

interface SourceFile {
  /** Relative to `src`, with slashes. */
  readonly name: string;
  readonly text: string;
  /** The text without comments and strings. */
  readonly code: string;
  /** The imported files, relative to `src`, and the imported packages. Types and dynamic imports included. */
  readonly imports: readonly string[];
  /** The same without imports of types alone. */
  readonly valueImports: readonly string[];
}

const files: readonly SourceFile[] = globSync("**/*.ts", { cwd: SRC }).sort().map(readSource);
const names: ReadonlySet<string> = new Set(globSync("**/*.{ts,json}", { cwd: SRC }));

function readSource(name: string): SourceFile {
  const text = readFileSync(path.join(SRC, name), "utf8");
  const importsIn = (...patterns: RegExp[]) =>
    patterns
      .flatMap((pattern) => [...text.matchAll(pattern)])
      .map(([, specifier = ""]) =>
        specifier.startsWith(".") ? path.posix.join(path.posix.dirname(name), specifier) : specifier,
      );
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "").replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
  return {
    name,
    text,
    code,
    imports: importsIn(/^(?:im|ex)port\b(?:[^;"=]*\bfrom)? *"([^"]+)"/gm, /\bimport\("([^"]+)"\)/g),
    valueImports: importsIn(/^(?:im|ex)port\b(?! type\b)(?:[^;"=]*\bfrom)? *"([^"]+)"/gm),
  };
}

/** Fails with the advice and the list, unless the list is empty. */
function assertEmpty(found: readonly string[], advice: string): void {
  assert.ok(found.length === 0, `${advice}:\n  ${found.join("\n  ")}`);
}

/** Fails with the advice and the names of the files that break the rule. */
function assertNone(breaks: (file: SourceFile) => boolean, advice: string): void {
  assertEmpty(
    files.filter(breaks).map(({ name }) => name),
    advice,
  );
}

const TYPES = ["model.ts", "encoding.ts", "events.ts"];
const BASE = ["runtime", ...TYPES];
const ADAPTERS = ["slack", "otlp", "state", "web", "telemetry", "config"];

/** The parts of `src`, the upper ones first, and the parts that each may import. A part is a folder, or a file beside the folders. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["commands", "compose.ts", ...BASE],
  commands: ["compose.ts", "compose", ...ADAPTERS, "demo", ...BASE],
  "compose.ts": ["compose", "collect.ts", ...ADAPTERS, ...BASE],
  compose: [...ADAPTERS, ...BASE],
  "collect.ts": ["model.ts"],
  slack: BASE,
  otlp: BASE,
  state: BASE,
  web: BASE,
  telemetry: BASE,
  config: BASE,
  demo: BASE,
  runtime: TYPES,
  "events.ts": ["model.ts"],
  "encoding.ts": ["model.ts"],
  "model.ts": [],
};

/** The folders of the adapters that have several, and the folders of the same adapter that each may import. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  "slack/api": [],
  "slack/oauth": ["slack/api"],
  "slack/audit": [],
  "slack/audit/mapping": ["slack/audit"],
  "slack/audit/catalogue": ["slack/api", "slack/audit", "slack/audit/mapping"],
  "slack/audit/decode": ["slack/audit", "slack/audit/mapping"],
  "slack/audit/walk": ["slack/api", "slack/audit", "slack/audit/decode"],
  "otlp/encoding": [],
  otlp: ["otlp/encoding"],
  "otlp/export": ["otlp", "otlp/encoding"],
};

/** Finds the longest key that is `name` or a folder above it. */
function keyOf(table: Readonly<Record<string, readonly string[]>>, name: string): string | undefined {
  const keys = Object.keys(table).filter((key) => name === key || name.startsWith(`${key}/`));
  return keys.sort((a, b) => b.length - a.length)[0];
}

/** Every import between two files of `src` whose arrow the table does not contain. */
function forbiddenArrows(table: Readonly<Record<string, readonly string[]>>): string[] {
  return files.flatMap(({ name, imports }) => {
    const from = keyOf(table, name);
    if (from === undefined) return [];
    return imports
      .map((to) => ({ file: to, to: keyOf(table, to) }))
      .filter(({ to }) => to !== undefined && to !== from && !table[from]?.includes(to))
      .map(({ file }) => `${name} → ${file}`);
  });
}

test("every file of src is in a part that the table names", () => {
  assert.ok(files.length > 50);
  assertNone(
    ({ name }) => keyOf(PARTS, name) === undefined,
    "Move the file into a folder of CONTRIBUTING.md's layout, or add its folder to PARTS and to the layout",
  );
  assertNone(
    ({ name }) => /^(slack|otlp)\//.test(name) && keyOf(FOLDERS, name) === undefined,
    "Move the file into a folder of its adapter, or add its folder to FOLDERS",
  );
});

test("every part of src imports only parts below it, and no adapter imports another", () => {
  assertEmpty(
    forbiddenArrows(PARTS),
    "Arrows point down (PARTS). Pass the value in as a parameter from compose.ts, or move the type to model.ts",
  );
});

test("the folders of slack and otlp import one another in the direction of the data only", () => {
  assertEmpty(
    forbiddenArrows(FOLDERS),
    "Arrows between folders of an adapter point one way (FOLDERS). Move the type or function to the lower folder",
  );
});

test("every import of a file of src finds it", () => {
  const relative = files.flatMap(({ imports }) => imports.filter((to) => /\.(ts|json)$/.test(to)));
  assert.ok(relative.length > 100);
  assertEmpty(
    relative.filter((to) => !names.has(to)),
    "Correct the import",
  );
});

test("files import one another without a cycle, types included", () => {
  const graph = new Map(files.map(({ name, imports }) => [name, imports.filter((to) => names.has(to))]));
  assertEmpty(cyclesOf(graph), "Break the cycle: move what both files need to the lower one, or merge the files");
});

test("folders import one another without a cycle, types included", () => {
  const graph = new Map<string, string[]>();
  for (const { name, imports } of files) {
    const from = folderOf(name);
    const to = imports.filter((file) => names.has(file)).map(folderOf);
    graph.set(from, [...new Set([...(graph.get(from) ?? []), ...to.filter((folder) => folder !== from)])]);
  }
  assertEmpty(
    cyclesOf(graph),
    "Break the cycle: move the file that one folder needs from the other into the folder that needs it, or below both",
  );
});

/** The folder of a file; a file beside the folders of `src` stands for itself. */
function folderOf(name: string): string {
  return name.includes("/") ? path.posix.dirname(name) : name;
}

/** One path for each cycle that a depth-first walk meets. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): void => {
    if (trail.includes(node)) {
      cycles.push([...trail.slice(trail.indexOf(node)), node].join(" → "));
      return;
    }
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return cycles;
}

test("only the command demo and the demo itself import the demo", () => {
  assertNone(
    ({ name, imports }) =>
      !name.startsWith("demo/") && name !== "commands/demo.ts" && imports.some((to) => to.startsWith("demo/")),
    "The daemon must not depend on the demo: move what it needs out of src/demo",
  );
});

/** Each side effect, and the files that may have it. */
const HOMES: readonly (readonly [effect: string, found: (file: SourceFile) => boolean, homes: RegExp])[] = [
  ["node:fs", imports(/^node:fs(\/|$)/), /^runtime\/files\.ts$/],
  ["undici", imports(/^undici$/), /^runtime\/http\.ts$/],
  ["fetch", says(/(?<![.\w])fetch\(/), /^$/],
  ["process", says(/(?<![.\w])process\s*\./), /^main\.ts$/],
  ["node:process", imports(/^node:process$/), /^$/],
  ["node:child_process", imports(/^node:child_process$/), /^$/],
  [
    "time",
    says(
      /\bDate\.now\b|\bnew Date\(\)|\bperformance\b|(?<![.\w])set(Timeout|Interval|Immediate)\b(?!:)|\bAbortSignal\.timeout\b/,
    ),
    /^runtime\/clock\.ts$/,
  ],
  ["timers", imports(/^node:(timers|perf_hooks)/), /^runtime\/clock\.ts$/],
  [
    "randomness",
    says(/\bMath\.random\b|\brandom(Bytes|UUID|Int|FillSync)\b|\bgetRandomValues\b/),
    /^runtime\/random\.ts$/,
  ],
  [
    "sockets",
    importsValues(/^node:(net|tls|dgram)$/),
    // Only the lock opens sockets. The others parse an address, compare it with a range, and check a certificate.
    /^(state\/lock|slack\/audit\/mapping\/special-members|runtime\/no-proxy|config\/tls)\.ts$/,
  ],
  ["servers", importsValues(/^node:http[2s]?$/), /^(web|demo)\//],
  ["an import at run time", says(/\bimport\(/), /^main\.ts$/],
  ["the console", says(/\bconsole\./), /^$/],
];

for (const [effect, found, homes] of HOMES) {
  test(`${effect} has one home in src`, () =>
    assertNone(
      (file) => found(file) && !homes.test(file.name),
      `Take it as a parameter: only ${homes.source} may use ${effect}`,
    ));
}

function imports(specifier: RegExp): (file: SourceFile) => boolean {
  return (file) => file.imports.some((imported) => specifier.test(imported));
}

/** Like `imports`, without imports of types alone. */
function importsValues(specifier: RegExp): (file: SourceFile) => boolean {
  return (file) => file.valueImports.some((imported) => specifier.test(imported));
}

function says(words: RegExp): (file: SourceFile) => boolean {
  return ({ code }) => words.test(code);
}

test("no file is longer than 200 lines, and half of them are shorter than 80", () => {
  const lengths = files.map(({ text }) => text.trimEnd().split("\n").length).sort((a, b) => a - b);
  assertNone(({ text }) => text.trimEnd().split("\n").length > 200, "Split the file: one idea a file");
  assert.ok(
    (lengths[Math.floor(lengths.length / 2)] ?? 0) < 80,
    "Split the larger files: the median is 80 lines or more",
  );
});

test("no file is named after what everything is", () => {
  assertNone(
    ({ name }) => /(^|[/-])(utils?|helpers?|types|common|misc|manager|service)\.ts$/.test(name),
    "Name the file for what it exports",
  );
});

test("a class is always an error that somebody catches", () => {
  assertNone(
    ({ code }) =>
      [...code.matchAll(/\bclass (\w+)(.*)$/gm)].some(([, , rest = ""]) => !/^ extends \w*Error\b/.test(rest)),
    "Use functions and readonly data instead of a class",
  );
});

test("no comment leaves work for later", () => {
  assertNone(({ text }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text), "Do it, or open an issue");
});

test("every export has a doc comment", () => {
  const silent = files.flatMap(({ name, text }) => {
    const lines = text.split("\n");
    return lines.flatMap((line, index) => {
      const [, exported] = /^export (?:async )?(?:function\*?|const|interface|type|class) (\w+)/.exec(line) ?? [];
      return exported && !lines[index - 1]?.trimEnd().endsWith("*/") ? [`${name}: ${exported}`] : [];
    });
  });
  assertEmpty(silent, "Say in one sentence what name and types do not: contract, units, errors, source of a fact");
});
