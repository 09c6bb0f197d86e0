import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runCommands } from "./terminal.ts";

const COMMANDS = ["run", "check", "authorize", "status", "rewind", "dead-letters", "manifest", "demo", "help"];

/** Wrong command lines, and the line that answers each. */
const MISTAKES: readonly (readonly [line: string, answer: RegExp])[] = [
  ["chek", /^Unknown command "chek": did you mean check\?\n$/],
  ["stauts", /^Unknown command "stauts": did you mean status\?\n$/],
  ["chek --source acme", /^Unknown command "chek": did you mean check\?\n$/],
  ["Check", /^Unknown command "Check": did you mean check\?\n$/],
  ["dead_letters", /^Unknown command "dead_letters": did you mean dead-letters\?\n$/],
  ["collect", /^Unknown command "collect": the commands are run, check, .*\n$/],
  ["dead-letters lst", /^Unknown command "dead-letters lst": did you mean dead-letters list\?\n$/],
  ["help chek", /^Unknown command "chek": did you mean check\?\n$/],
  ["help dead-letters reply", /^Unknown command "dead-letters reply": did you mean dead-letters replay\?\n$/],
  ["--config x chek", /^Unknown command "chek": did you mean check\?\n$/],
  ["status --jsno", /^Unknown option "--jsno": did you mean --json\?\n$/],
  ["check --confg=x", /^Unknown option "--confg": did you mean --config\?\n$/],
  ["check --colour", /^Unknown option "--colour": --help lists the options\n$/],
  ["check -x", /^Unknown option "-x": --help lists the options\n$/],
  ["check --sorce acme", /^Unknown option "--sorce": --help lists the options\n$/],
  ["rewind --sorce acme", /^Unknown option "--sorce": did you mean --source\?\n$/],
  ["check now", /^Cannot use "now": check takes options only; see slack-audit-receiver check --help\n$/],
  ["check --config", /^Cannot use option --config <file>: its value is missing\n$/],
  ["xoxp-123456789012-123456789012-123456789012", /^Unknown command "xoxp-123…": the commands are .*\n$/],
  ["demo --endpoint nonsense", /^Cannot use --endpoint: must be a URL that begins with http:\/\/ or https:\/\/\n$/],
  ["rewind --to 1h", /^Cannot go on without option --source <name>: add it\n$/],
];

for (const [line, answer] of MISTAKES) {
  test(`the command line "${line}" ends with 64 and one line that suggests the right one`, async () => {
    const { code, stdout, stderr } = await runCommands(line.split(" "));
    assert.deepEqual({ code, stdout }, { code: 64, stdout: "" });
    assert.match(stderr, answer);
  });
}

test("a command with one wrong letter is never run, and its right name is suggested", async () => {
  const misspelt = fc
    .record({
      name: fc.constantFrom(...COMMANDS.filter((name) => name.length > 4)),
      at: fc.nat(20),
      letter: fc.constantFrom(..."jqx"),
    })
    .map(({ name, at, letter }) => ({
      name,
      typed: name.slice(0, at % name.length) + letter + name.slice((at % name.length) + 1),
    }));
  await fc.assert(
    fc.asyncProperty(misspelt, async ({ name, typed }) => {
      const { code, stderr } = await runCommands([typed]);
      assert.equal(code, 64);
      assert.ok(stderr.includes(`did you mean ${name}?`), stderr);
    }),
  );
});

test("every refused command line is answered with one printable line", async () => {
  const word = fc
    .string({ unit: "binary", minLength: 1 })
    .filter((text) => !COMMANDS.includes(text) && !/^-/.test(text));
  await fc.assert(
    fc.asyncProperty(word, async (typed) => {
      const { code, stderr } = await runCommands([typed]);
      assert.equal(code, 64);
      assert.match(stderr, /^[^\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]+\n$/u);
    }),
  );
});

test("help, --help and --version answer on standard output, in any position", async () => {
  for (const name of COMMANDS) {
    for (const args of [
      [name, "--help"],
      ["help", name],
    ]) {
      const { code, stdout, stderr } = await runCommands(args);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      assert.ok(stdout.startsWith(`Usage: slack-audit-receiver ${name}`), stdout);
    }
    assert.deepEqual(await runCommands([name, "--version"]), { code: 0, stdout: "1.2.3\n", stderr: "" });
  }
  for (const args of [["--help"], ["-h"], ["help"]]) {
    const { code, stdout } = await runCommands(args);
    assert.equal(code, 0);
    assert.match(stdout, /^Exit codes:\n(.*\n)* {2}69 .*cannot be reached/m);
  }
});

test("--config may stand before or after the command", async () => {
  for (const args of [
    ["check", "--config", "nowhere.yaml"],
    ["--config", "nowhere.yaml", "check"],
  ]) {
    const { code, stdout } = await runCommands(args);
    assert.equal(code, 78);
    assert.match(stdout, /^FAULT {2}configuration: Cannot read configuration file "nowhere\.yaml"/);
  }
});

const REFUSED_URLS = [
  "",
  "/oauth/callback",
  "audit.example.com/cb",
  "http://audit.example.com/cb",
  "ftp://audit.example.com/cb",
  "javascript:alert(1)",
  'https://audit.example.com/"cb"',
  "https://audit.example.com/'cb'",
  "https://audit.example.com/cb\n",
  "https://audit.exa\nmple.com/cb",
  " https://audit.example.com/cb",
  "https://audit.example.com/c b",
  "https://audit.example.com/cb#done",
  "https://me:secret@audit.example.com/cb",
  "https://audit.example.com/setup/acme",
  "\u{feff}https://audit.example.com/cb",
  "https://audit.exämple.com/cb",
  `https://audit.example.com/${"c".repeat(2_500)}`,
];

for (const url of REFUSED_URLS) {
  test(`manifest refuses the redirect URL ${JSON.stringify(url).slice(0, 60)}`, async () => {
    const { code, stdout, stderr } = await runCommands(["manifest", "--redirect-url", url]);
    assert.deepEqual({ code, stdout }, { code: 64, stdout: "" });
    assert.match(stderr, /^Cannot use --redirect-url: (must|holds) .+\n$/);
    assert.doesNotMatch(stderr, /secret/);
  });
}

test("manifest accepts an https URL, and an http URL of loopback", async () => {
  for (const url of [
    "https://audit.example.com/cb?a=b&c=%20d",
    "http://localhost:8080/oauth/callback",
    "http://[::1]/cb",
  ]) {
    const { code, stdout } = await runCommands(["manifest", "--redirect-url", url]);
    assert.equal(code, 0);
    assert.ok(stdout.includes(`    - ${JSON.stringify(url)}\n`), stdout);
  }
});
