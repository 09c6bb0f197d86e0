import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { startProgram } from "../process/program.ts";
import { startSetting } from "../process/setting.ts";
import { build } from "./build.ts";
import { childOf, NAMESPACE, whyNoNamespace } from "./namespace.ts";

/** An outdated Node on this machine, if any. */
const OLD_NODE = ["/usr/bin/node", "/usr/local/bin/node"].find((file) => {
  const [, major] = /^v(\d+)\./.exec(spawnSync(file, ["--version"], { encoding: "utf8" }).stdout ?? "") ?? [];
  return major !== undefined && Number(major) < 24;
});

test("an old Node prints one sentence and ends with 78", {
  skip: OLD_NODE ? false : "there is no older Node here",
}, async () => {
  const [, main = ""] = await build();
  for (const args of [[], ["run"], ["--help"], ["demo"]]) {
    const { status, stdout, stderr } = spawnSync(OLD_NODE ?? "", [main, ...args], { encoding: "utf8" });
    assert.equal(status, 78);
    assert.match(stderr, /^slack-audit-receiver needs Node 24 or later; this is \d+\.\d+\.\d+\n$/);
    assert.equal(stdout, "");
  }
});

test("main.ts imports only Node's modules before it checks the version", () => {
  const text = readFileSync(new URL("../../src/main.ts", import.meta.url), "utf8");
  const imports = [...text.matchAll(/^import (?!type\b).*from "([^"]+)"/gm)].map(([, specifier]) => specifier);
  assert.ok(imports.length > 0 && imports.every((specifier) => specifier?.startsWith("node:")), imports.join());
});

test("SIGTERM and SIGINT end process 1 before it has loaded", {
  skip: whyNoNamespace(),
  timeout: 60_000,
}, async () => {
  const [node = "", main = ""] = await build();
  const command = [...NAMESPACE, node, "--import", 'data:text/javascript,console.log("begins")', main];
  await using setting = await startSetting();
  await setting.writeConfig({ source: { poll_interval: "1h" } });
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    const program = setting.start(["run"], { command });
    await program.printed("begins");
    // Signals before the first line of the program are lost, so repeat them.
    const child = childOf(program.pid);
    const again = setInterval(() => spawnSync("kill", ["-s", name.slice(3), String(child)]), 5);
    const { code, stdout, stderr } = await program.ended.finally(() => clearInterval(again));
    assert.deepEqual([code, stdout, stderr], [name === "SIGTERM" ? 143 : 130, "begins\n", ""]);
  }
});

test("SIGUSR1 opens no inspector", async () => {
  await using setting = await startSetting();
  const daemon = await setting.daemon({});
  daemon.signal("SIGUSR1");
  await daemon.until("window_delivered");
  const { code, stderr } = await daemon.stop();
  assert.deepEqual([code, stderr], [0, ""], "Node would say that its debugger listens");
});

test("an interrupted command ends by the signal", async () => {
  const program = startProgram(["demo"], { cwd: "/" });
  await program.printed("Authorized");
  program.signal("SIGHUP");
  assert.equal((await program.ended).code, null);
});
