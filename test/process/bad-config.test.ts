import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { Ended } from "./program.ts";
import { startSetting } from "./setting.ts";

const options = { concurrency: 2 };

test("the program names what is wrong and what to do, without a stack trace", options, async (t) => {
  await using setting = await startSetting();
  await setting.writeConfig();
  const one = (name: string, check: () => Promise<void>) => t.test(name, check);

  await Promise.all([
    one("all faults of a configuration at once", async () => {
      await using other = await startSetting();
      await other.writeConfig({
        source: { poll_interval: "soon", page_size: 0, colour: "red" },
        log: { level: "loud" },
      });
      const ended = await other.run(["run"]);
      assertSentence(ended, 78, /poll_interval/, /page_size/, /colour/, /log\.level/);
    }),
    one("a configuration that is not there", async () => {
      await using other = await startSetting();
      assertSentence(await other.run(["run"]), 78, /Cannot read configuration file ".*receiver\.yaml".*--config/);
    }),
    one("a configuration that is not YAML", async () => {
      await using other = await startSetting();
      await writeFile(path.join(other.folder, "receiver.yaml"), "sources: {acme: [");
      assertSentence(await other.run(["run"]), 78, /receiver\.yaml/);
    }),
    one("a secret's variable that is not set", async () => {
      await using other = await startSetting();
      await other.writeConfig({ source: { token: "$" + "{env:SLACK_TOKEN}" } });
      assertSentence(await other.run(["run"]), 78, /SLACK_TOKEN/);
    }),
    one("an unknown source", async () => {
      assertSentence(await setting.run(["manifest", "--source", "acne"]), 64, /"acne".*acme/);
    }),
    one("an unknown command", async () => {
      assertSentence(await setting.run(["collect"]), 64, /collect/);
    }),
    one("an unknown option", async () => {
      assertSentence(await setting.run(["status", "--jsno"]), 64, /--jsno/);
    }),
    one("a state folder that cannot be written", async () => {
      await using other = await startSetting();
      const directory = path.join(other.folder, "receiver.yaml", "state");
      await other.writeConfig({ state: { directory } });
      assertSentence(
        await other.run(["run"]),
        78,
        /Cannot use state folder ".*state": a part of the path is a file and not a folder \(ENOTDIR\); set state\.directory/,
      );
    }),
    one("a state folder that is a file", async () => {
      await using other = await startSetting();
      await other.writeConfig({ state: { directory: path.join(other.folder, "receiver.yaml") } });
      assertSentence(
        await other.run(["run"]),
        78,
        /receiver\.yaml": it is a file and not a folder \(EEXIST\); set state\.directory/,
      );
    }),
    one("state files that are damaged", async () => {
      await using other = await startSetting();
      await other.writeConfig();
      assert.equal((await other.run(["check"])).code, 0);
      await writeFile(path.join(other.stateFolder, "checkpoints.json"), "{}");
      assertSentence(await other.run(["run"]), 78, /checkpoints\.json": it is damaged.*(backup|rewind)/);
      assert.equal(await other.readState("checkpoints.json"), "{}", "it is never replaced by defaults");
    }),
    one("a port that is in use", async () => {
      await using other = await startSetting();
      await other.writeConfig({ http: { listen: new URL(setting.sink.url).host } });
      assertSentence(await other.run(["run"]), 78, /another program uses the port, change http\.listen/);
    }),
    one("a state folder that another daemon holds", async () => {
      await using other = await startSetting();
      await other.daemon({});
      assertSentence(await other.run(["run"]), 75, /process \d+ on \S+ holds it; stop that one first/);
    }),
  ]);
});

function assertSentence({ code, stdout, stderr }: Ended, expected: number, ...patterns: readonly RegExp[]): void {
  assert.equal(code, expected, stderr + stdout);
  for (const pattern of patterns) assert.match(stderr, pattern);
  assert.doesNotMatch(stderr, /^\s+at |Internal error/m);
}
