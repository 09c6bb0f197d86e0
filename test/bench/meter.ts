import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFileSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

// Loaded before a contestant: when that ends, what it has used goes into the file that BENCH_METER names.

/** What one process has used. */
export interface MeterReading {
  /** User and system, of all threads, until the first request of undici's: what starting costs. */
  readonly startCpuSeconds: number;
  /** The same from then on. */
  readonly workCpuSeconds: number;
  /** The most that was resident. */
  readonly peakMib: number;
  /** The longest time between two turns of a timer of RESOLUTION_MS, those included: an upper bound. Loading modules is left out. */
  readonly longestStallMs: number;
}

const RESOLUTION_MS = 5;
const FIRST_REQUEST = "undici:request:create";

const file = process.env.BENCH_METER;
if (isMainThread && file) meter(file);

function meter(file: string): void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let startCpuSeconds = 0;
  const begin = () => {
    unsubscribe(FIRST_REQUEST, begin);
    startCpuSeconds = cpuSeconds();
    delays.enable();
  };
  subscribe(FIRST_REQUEST, begin);
  process.once("exit", () => {
    const reading: MeterReading = {
      startCpuSeconds,
      workCpuSeconds: cpuSeconds() - startCpuSeconds,
      peakMib: peakMib(),
      longestStallMs: delays.max / 1e6,
    };
    writeFileSync(file, JSON.stringify(reading));
  });
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Not from `process.resourceUsage()`: Linux lets a process inherit there what its parent had resident. */
function peakMib(): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1_024;
}
