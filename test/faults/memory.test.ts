import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { Daemon } from "../process/daemon.ts";
import { startAt } from "../process/entries.ts";
import { startSetting } from "../process/setting.ts";
import { build } from "./build.ts";
import { numberFrom } from "./lanes.ts";

const BACKLOG = numberFrom("BACKLOG", 150_000);
const LONG_FORM = 2_000_000;
/** The limit of resident memory. The short form ends before the memory is stable. */
const MOST_MIB = numberFrom("MEMORY_MIB", BACKLOG >= LONG_FORM ? 256 : 512);
const MOST_GROWTH = 1.25;

test(`daemon's memory does not grow with a backlog of ${BACKLOG} entries`, {
  skip: process.platform === "linux" ? false : "resident memory is read from /proc, which is there on Linux only",
  timeout: 120_000 + BACKLOG,
}, async (t) => {
  const command = await build();
  const world = spawn(process.execPath, [path.join(import.meta.dirname, "backlog.ts"), String(BACKLOG)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => world.kill("SIGKILL"));
  const [line] = await once(world.stdout, "data");
  const { auditUrl, sinkUrl, oldest } = JSON.parse(String(line));
  await using setting = await startSetting();
  await setting.writeConfig({
    source: { audit_url: auditUrl, start_at: startAt(oldest), lookback: "15m", page_size: 9_999 },
    export: { endpoint: sinkUrl },
  });
  const daemon = await setting.daemon(undefined, { command });
  const samples = await sampleUntilDone(daemon);
  const memory = memoryOf(daemon.pid);
  assert.equal((await daemon.stop()).code, 0);

  const between = (from: number, to: number) =>
    Math.max(...samples.filter(({ share }) => share >= from && share <= to).map(({ mib }) => mib));
  const [early, late] = [between(1 / 3, 2 / 3), between(2 / 3, 1)];
  t.diagnostic(
    `${BACKLOG} entries: at most ${early} MiB resident in the second third, ${late} MiB in the last, ${memory.mostMib} MiB ever`,
  );
  assert.ok(late <= early * MOST_GROWTH, `${late} MiB in the last third, ${early} MiB in the second`);
  assert.ok(memory.mostMib < MOST_MIB, `${memory.mostMib} MiB were resident`);
});

interface Sample {
  /** The share of the backlog that was read: 0 to 1. */
  readonly share: number;
  readonly mib: number;
}

/** Samples the daemon's memory at each page and window until the backlog is delivered. */
async function sampleUntilDone(daemon: Daemon): Promise<Sample[]> {
  const samples: { pages: number; mib: number }[] = [];
  let looked = 0;
  let pages = 0;
  let delivered = 0;
  while (delivered < BACKLOG) {
    await daemon.untilLine(() => daemon.lines.length > looked);
    for (const line of daemon.lines.slice(looked)) {
      if (line.event === "slack_answered") pages++;
      if (line.event === "window_delivered") delivered += Number(line.delivered);
    }
    looked = daemon.lines.length;
    samples.push({ pages, mib: memoryOf(daemon.pid).mib });
  }
  assert.equal(delivered, BACKLOG);
  return samples.map((sample) => ({ share: sample.pages / pages, mib: sample.mib }));
}

/** The resident memory of a process, now and at most so far. */
function memoryOf(pid: number): { readonly mib: number; readonly mostMib: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mib = (name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1_024);
  return { mib: mib("VmRSS"), mostMib: mib("VmHWM") };
}
