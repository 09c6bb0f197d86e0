import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { GENERATED, renewGenerated } from "../docs/generate/generate.ts";
import { renderMapping } from "../docs/generate/mapping.ts";
import { ExitCode } from "../src/commands/exit-code.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { createMetrics } from "../src/telemetry/metrics.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const pages = globSync(["*.md", "docs/*.md"], { cwd: ROOT });
const operating = read("docs/operating.md");

for (const page of Object.keys(GENERATED)) {
  test(`the table of docs/${page} matches the code; npm run docs renews it`, () => {
    const text = read(`docs/${page}`);
    assert.equal(renewGenerated(page, text), text);
  });
}

test("docs/mapping.md matches the code; npm run docs renews it", () => {
  assert.equal(read("docs/mapping.md"), renderMapping());
});

test("docs/operating.md names every event", () => {
  const events = new Set([...read("src/events.ts").matchAll(/event: "(\w+)"/g)].map(([, name]) => name));
  assert.ok(events.size > 15);
  for (const event of events) assert.ok(operating.includes(`\`${event}\``), `${event} is missing`);
});

test("docs/operating.md names every metric of the receiver", async () => {
  const { text } = createMetrics({ clock: systemClock, version: "1", sources: [{ name: "acme", authorized: true }] });
  const names = [...(await text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? "");
  const entry = "slack_audit_receiver_entry_";
  for (const name of names.filter((metric) => metric !== "target_info")) {
    const short = name.startsWith(entry) ? `…_${name.slice(entry.length)}` : name;
    assert.ok(operating.includes(name) || operating.includes(short), `${name} is missing`);
  }
});

test("every exit code is in docs/operating.md", () => {
  for (const code of Object.values(ExitCode)) assert.ok(operating.includes(`\n| ${code} | `), `${code} is missing`);
});

test("every link of a page to a file or a heading finds it", () => {
  const links = pages.flatMap((page) => linksOf(page).map((link) => ({ page, link })));
  assert.ok(links.length > 25);
  const broken = links.filter(({ page, link }) => {
    const [file = "", heading] = link.split("#");
    const target = file === "" ? page : path.join(path.dirname(page), file);
    if (!existsSync(path.join(ROOT, target))) return true;
    return heading !== undefined && !headingsOf(target).includes(heading);
  });
  assert.deepEqual(broken, []);
});

/** The links and images that lead to files of the repository. */
function linksOf(page: string): string[] {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)|\bsrc(?:set)?="([^"]+)"/g)];
  return links.map(([, link, image]) => link ?? image ?? "").filter((link) => !/^(https?|mailto):/.test(link));
}

/** The anchors that GitHub gives the headings of a page. */
function headingsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("CONTRIBUTING.md names only files, folders and scripts that exist", () => {
  const text = read("CONTRIBUTING.md");
  const paths = [...text.matchAll(/`((?:src|test|docs|config)\/[\w./-]*)`/g)].map(([, name]) => name ?? "");
  assert.ok(paths.length > 20);
  const { scripts } = JSON.parse(read("package.json"));
  const named = [...text.matchAll(/\bnpm run ([\w-]+)/g)].map(([, script]) => script ?? "");
  const missing = [
    ...paths.filter((name) => !existsSync(path.join(ROOT, name))),
    ...named.filter((script) => !(script in scripts)),
  ];
  assert.deepEqual(missing, []);
});

test("README.md is a front page of about 150 lines", () => {
  assert.ok(read("README.md").split("\n").length <= 170);
});
