import { startSink } from "../../src/demo/sink/sink.ts";
import { startBenchSlack } from "../bench/slack.ts";

// Runs as a process for memory.test.ts: a Slack with this many entries up to now, and a collector that keeps nothing.

const PER_SECOND = 40;
const entries = Number(process.argv[2]);
const newest = Math.floor(Date.now() / 1_000) - 1;
const slack = await startBenchSlack({ entries, perSecond: PER_SECOND, newest, latencyMs: 0 });
const sink = await startSink({ keep: false });
const oldest = newest - Math.ceil(entries / PER_SECOND);
process.stdout.write(`${JSON.stringify({ auditUrl: slack.auditUrl, sinkUrl: sink.url, oldest })}\n`);
process.stdin.resume().on("end", () => process.exit());
