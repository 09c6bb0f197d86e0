import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const SRC = path.resolve(import.meta.dirname, "../src");

interface SourceFile {
  /** From `src`, with slashes. */
  readonly name: string;
  readonly text: string;
  /** The text without comments and without what stands in quotes. */
  readonly code: string;
  /** The files of ours that it imports, named likewise, and the packages. */
  readonly imports: readonly string[];
  /** Those that are more than types. */
  readonly valueImports: readonly string[];
}

const files: readonly SourceFile[] = globSync("**/*.ts", { cwd: SRC }).sort().map(readSource);

function readSource(name: string): SourceFile {
  const text = readFileSync(path.join(SRC, name), "utf8");
  const importsIn = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, specifier = ""]) =>
      specifier.startsWith(".") ? path.posix.join(path.posix.dirname(name), specifier) : specifier,
    );
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "").replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
  return {
    name,
    text,
    code,
    imports: importsIn(/^(?:im|ex)port\b(?:[^;"=]*\bfrom)? *"([^"]+)"/gm),
    valueImports: importsIn(/^(?:im|ex)port\b(?! type\b)(?:[^;"=]*\bfrom)? *"([^"]+)"/gm),
  };
}

/** The files for which `breaks` holds must be none. */
function assertNone(breaks: (file: SourceFile) => boolean): void {
  assert.deepEqual(
    files.filter(breaks).map(({ name }) => name),
    [],
  );
}

/** The first folder, or the file itself at the top. */
function partOf(name: string): string {
  return name.split("/")[0] ?? name;
}

/** What each part may import: arrows point one way, and parts of one line never import one another. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["commands", "app.ts", "runtime", "model.ts"],
  commands: [
    "encoding.ts",
    "app.ts",
    "compose-source.ts",
    "compose-servers.ts",
    "slack",
    "otlp",
    "state",
    "web",
    "config",
    "demo",
    "runtime",
    "model.ts",
  ],
  "assert-positions.ts": ["slack", "state", "config", "model.ts"],
  "app.ts": [
    "assert-positions.ts",
    "compose-source.ts",
    "compose-servers.ts",
    "collect.ts",
    "slack",
    "otlp",
    "state",
    "web",
    "config",
    "runtime",
    "model.ts",
  ],
  "compose-servers.ts": ["compose-source.ts", "slack", "web", "config", "runtime", "model.ts"],
  "compose-source.ts": ["slack", "otlp", "config", "runtime", "model.ts"],
  "collect.ts": ["model.ts"],
  slack: ["runtime", "encoding.ts", "model.ts"],
  otlp: ["runtime", "encoding.ts", "model.ts"],
  state: ["runtime", "model.ts"],
  web: ["runtime", "model.ts"],
  config: ["runtime", "model.ts"],
  demo: ["runtime", "model.ts"],
  runtime: ["model.ts"],
  "encoding.ts": ["model.ts"],
  "model.ts": [],
};

test("every part of src imports only what lies below it", () => {
  const wrong = files.flatMap(({ name, imports }) => {
    const part = partOf(name);
    const allowed = MAY_IMPORT[part];
    assert.ok(allowed, `${name} is in no known part`);
    const ours = imports.filter((imported) => files.some((file) => file.name === imported));
    return ours.filter((to) => partOf(to) !== part && !allowed.includes(partOf(to))).map((to) => `${name} → ${to}`);
  });
  assert.deepEqual(wrong, []);
});

test("every import of a file of ours finds it", () => {
  assert.ok(files.length > 50);
  const names = new Set(globSync("**/*.{ts,json}", { cwd: SRC }));
  const relative = files.flatMap(({ imports }) => imports.filter((imported) => /\.(ts|json)$/.test(imported)));
  assert.ok(relative.length > 100);
  assert.deepEqual(
    relative.filter((imported) => !names.has(imported)),
    [],
  );
});

test("no file imports itself, however far around", () => {
  const importsOf = new Map(files.map(({ name, valueImports }) => [name, valueImports]));
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    assert.ok(!trail.includes(name), [...trail, name].join(" → "));
    if (done.has(name)) return;
    for (const imported of importsOf.get(name) ?? []) visit(imported, [...trail, name]);
    done.add(name);
  };
  for (const { name } of files) visit(name, []);
});

test("only the command demo and the demonstration itself import the demonstration", () => {
  assertNone(({ name, imports }) => {
    return partOf(name) !== "demo" && name !== "commands/demo.ts" && imports.some((to) => partOf(to) === "demo");
  });
});

/** Each side effect, and the only files that may have it. */
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
    // The last three only compute: what an address is, which range it lies in, and whether a certificate can be used.
    /^(state\/lock|slack\/audit\/mapping\/special-members|runtime\/no-proxy|config\/tls)\.ts$/,
  ],
  ["servers", importsValues(/^node:http[2s]?$/), /^(web|demo)\//],
  ["an import at run time", says(/\bimport\(/), /^main\.ts$/],
  ["the console", says(/\bconsole\./), /^$/],
];

for (const [effect, found, homes] of HOMES) {
  test(`${effect} has one home in src`, () => assertNone((file) => found(file) && !homes.test(file.name)));
}

function imports(specifier: RegExp): (file: SourceFile) => boolean {
  return (file) => file.imports.some((imported) => specifier.test(imported));
}

/** As `imports`, but without types, which do nothing. */
function importsValues(specifier: RegExp): (file: SourceFile) => boolean {
  return (file) => file.valueImports.some((imported) => specifier.test(imported));
}

function says(words: RegExp): (file: SourceFile) => boolean {
  return ({ code }) => words.test(code);
}

test("no file is longer than 200 lines, and half of them are shorter than 80", () => {
  const lengths = files.map(({ text }) => text.trimEnd().split("\n").length).sort((a, b) => a - b);
  assertNone(({ text }) => text.trimEnd().split("\n").length > 200);
  assert.ok((lengths[Math.floor(lengths.length / 2)] ?? 0) < 80);
});

test("a class is only ever an error that somebody catches", () => {
  assertNone(({ code }) =>
    [...code.matchAll(/\bclass (\w+)(.*)$/gm)].some(([, , rest = ""]) => !/^ extends \w*Error\b/.test(rest)),
  );
});

test("nothing is left to do", () => {
  assertNone(({ text }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text));
});

test("every export says what it is for", () => {
  const silent = files.flatMap(({ name, text }) => {
    const lines = text.split("\n");
    return lines.flatMap((line, index) => {
      const [, exported] = /^export (?:async )?(?:function\*?|const|interface|type|class) (\w+)/.exec(line) ?? [];
      return exported && !lines[index - 1]?.trimEnd().endsWith("*/") ? [`${name}: ${exported}`] : [];
    });
  });
  assert.deepEqual(silent, []);
});
