import assert from "node:assert/strict";
import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { assertEachOnce, makeEntries, nowSeconds, startAt } from "./entries.ts";
import { NODE, redirected, startProgram } from "./program.ts";
import { type Setting, startSetting } from "./setting.ts";

async function addEntries({ slack, writeConfig }: Setting, more: object = {}) {
  const from = nowSeconds() - 60;
  const entries = makeEntries(40, { from, stretch: 40 });
  slack.addMany(entries);
  await writeConfig({ source: { start_at: startAt(from) }, ...more });
  return entries;
}

test("daemon continues when the reader of its log goes away", async () => {
  await using setting = await startSetting();
  const early = await addEntries(setting);
  const program = setting.start(["run"]);
  await program.printed('"started"');
  program.stopReading("stdout");
  program.stopReading("stderr");
  await setting.delivered(early.length);
  const late = makeEntries(40, { from: nowSeconds() });
  setting.slack.addMany(late);
  await setting.delivered(early.length + late.length);
  program.signal("SIGTERM");
  assert.equal((await program.ended).code, 0);
  assertEachOnce(setting.sink.records, [...early, ...late]);
});

for (const redirection of [">/dev/full", ">/dev/full 2>/dev/full", "2>/dev/full", ">&-", ">&- 2>&- <&-"]) {
  test(`daemon continues with ${redirection}`, async () => {
    await using setting = await startSetting();
    const entries = await addEntries(setting);
    const program = setting.start(["run"], { command: redirected(redirection) });
    await setting.delivered(entries.length);
    program.signal("SIGTERM");
    assert.deepEqual(await program.ended.then(({ code, stderr }) => [code, stderr]), [0, ""]);
    assertEachOnce(setting.sink.records, entries);
  });
}

test("daemon continues while nobody reads a full pipe, and writes the waiting lines when somebody does", async () => {
  await using setting = await startSetting();
  const entries = await addEntries(setting);
  const fifo = path.join(setting.folder, "log");
  const fill = `mkfifo '${fifo}'; exec 3<>'${fifo}'; dd if=/dev/zero of='${fifo}' oflag=nonblock bs=1024 count=64 2>/dev/null`;
  const command = ["sh", "-c", `${fill}; exec "$@" >&3`, "sh", ...NODE];
  setting.start(["run"], { command });
  await setting.delivered(entries.length);
  const reader = await open(fifo, "r");
  let said = "";
  for await (const chunk of reader.createReadStream({ encoding: "utf8" })) {
    said += chunk;
    if (said.includes('"window_delivered"')) break;
  }
  assert.match(said, /"event":"started"/);
});

test("daemon ends in time while nobody reads a full pipe", async () => {
  await using setting = await startSetting();
  const entries = await addEntries(setting);
  const fifo = path.join(setting.folder, "log");
  const fill = `mkfifo '${fifo}'; exec 3<>'${fifo}'; dd if=/dev/zero of='${fifo}' oflag=nonblock bs=1024 count=64 2>/dev/null`;
  const program = setting.start(["run"], { command: ["sh", "-c", `${fill}; exec "$@" >&3`, "sh", ...NODE] });
  await setting.delivered(entries.length);
  program.signal("SIGTERM");
  assert.equal((await program.ended).code, 0);
});

for (const args of [["check"], ["status"], ["status", "--json"], ["manifest"], ["--help"], ["dead-letters"]]) {
  test(`${args.join(" ")} ends as usual when its reader goes away, and reports a full output`, async () => {
    await using setting = await startSetting();
    await setting.writeConfig();
    const gone = setting.start(args);
    gone.stopReading("stdout");
    const { code, stderr } = await gone.ended;
    assert.deepEqual([code, stderr], [0, ""]);
    const full = await setting.run(args, { command: redirected(">/dev/full") });
    assert.equal(full.code, args[0] === "dead-letters" && full.stderr === "" ? 0 : 1);
    assert.match(full.stderr, /^(Cannot write to standard output: no space is left on the device \(ENOSPC\)\n)?$/);
  });
}

/** Starts the demonstration with a folder for temporary files that the test can inspect. */
async function startDemo(t: TestContext, command: readonly string[] = NODE) {
  const folder = await mkdtemp(path.join(tmpdir(), "receiver-demo-"));
  const program = startProgram(["demo"], { cwd: folder, env: { TMPDIR: folder }, command });
  t.after(async () => {
    program.signal("SIGKILL");
    await program.ended;
    await rm(folder, { recursive: true });
  });
  return { program, left: () => readdir(folder) };
}

test("demo ends and leaves nothing behind when its reader goes away", async (t) => {
  const { program, left } = await startDemo(t);
  await program.printed("Status page");
  assert.equal((await left()).length, 1);
  program.stopReading("stdout");
  const { code, stderr } = await program.ended;
  assert.deepEqual([code, stderr, await left()], [0, "", []]);
});

for (const [name, times] of [
  ["SIGINT", 1],
  ["SIGINT", 2],
  ["SIGTERM", 1],
  ["SIGHUP", 1],
] as const) {
  test(`demo leaves nothing behind at ${times} ${name}`, async (t) => {
    const { program, left } = await startDemo(t);
    await program.printed("Authorized");
    for (let time = 0; time < times; time++) program.signal(name);
    const { stderr } = await program.ended;
    assert.deepEqual([stderr, await left()], ["", []]);
  });
}

test("demo reports in one line that it has no folder for temporary files", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "receiver-demo-"));
  const program = startProgram(["demo"], { cwd: folder, env: { TMPDIR: path.join(folder, "none") } });
  const { code, stderr } = await program.ended;
  await rm(folder, { recursive: true });
  assert.equal(code, 78);
  assert.match(
    stderr,
    /^Cannot use ".*": there is no such file or folder \(ENOENT\); make it, or use another folder .*TMPDIR/,
  );
});
