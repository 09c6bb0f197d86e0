import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError } from "../../src/config/config-error.ts";
import { loadConfig } from "../../src/config/load.ts";
import { systemFiles } from "../../src/runtime/files.ts";
import { fc } from "../support/properties.ts";
import { faultsOf, load } from "./load-text.ts";

test("a missing file is a fault with a remedy", async () => {
  await assert.rejects(
    loadConfig("/none/receiver.yaml", { files: systemFiles, env: {}, clock: { now: () => 0 } }),
    new ConfigError([
      'Cannot read configuration file "/none/receiver.yaml": there is no such file; ' +
        "write one as config/minimal.yaml shows, or name yours with --config",
    ]),
  );
});

test("a file that is not text is a fault", async () => {
  for (const text of ["sources\0", "#".repeat(2_000_000)]) {
    assert.deepEqual(await faultsOf(text), [
      'Cannot read configuration file "receiver.yaml": it is not YAML text; name another with --config',
    ]);
  }
});

test("the error message lists the faults", async () => {
  await assert.rejects(load("log: { level: a, format: b }"), (error: ConfigError) => {
    assert.equal(error.message, error.faults.join("\n"));
    return error.faults.length === 3;
  });
});

test("no fault shows a secret, whatever surrounds it", async () => {
  const canary = "xoxp-0123456789-0123456789-canary0123456789";
  const key = fc.constantFrom(
    ...["token", "client_secret", "client_id", "redirect_url", "audit_url", "start_at", "lookback", "page_size"],
    ...["include_actions", "pollinterval", canary],
  );
  const garbage = fc.string({ unit: "grapheme-ascii", maxLength: 8 });
  const syntax = fc.constantFrom(
    "",
    '"',
    "'",
    "[",
    "{",
    "}",
    ": ",
    "*",
    "&",
    "!",
    "|",
    "> ",
    "- ",
    "$" + "{",
    "$" + "{env:",
    "\t",
    "\n",
    "#",
  );
  const value = fc.tuple(syntax, garbage, syntax).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(key, value, value, async (name, before, after) => {
      const secret = before + canary + after;
      const world = { env: { SECRET: secret, OTEL_EXPORTER_OTLP_HEADERS: secret, OTEL_EXPORTER_OTLP_TIMEOUT: secret } };
      const texts = [
        `sources:\n  acme:\n    ${name}: ${secret}\n`,
        `sources: { acme: { ${name}: "\${env:SECRET}" } }\nexport: { endpoint: "\${env:SECRET}", tls: { ca_file: "\${env:SECRET}" } }\n`,
        `export:\n  headers:\n    ${name}: ${secret}\nlog:\n  level: ${secret}\nhttp:\n  listen: ${secret}\n`,
      ];
      for (const text of texts) {
        const faults = await faultsOf(text, world);
        assert.ok(!faults.join("\n").includes(canary), faults.join("\n"));
      }
    }),
    { numRuns: 500 },
  );
});
