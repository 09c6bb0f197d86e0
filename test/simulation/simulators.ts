import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Simulated } from "./simulate.ts";

/** Threads that simulate. The test runner watches every promise of its own thread, which would cost as much again. */
export interface Simulators {
  /** Simulates all of these worlds, as many at once as there are threads, and gives what came of each in their order. */
  simulate(seeds: readonly number[]): Promise<Simulated[]>;
  close(): Promise<void>;
}

export function startSimulators(threads: number): Simulators {
  const workers = Array.from({ length: threads }, () => new Worker(new URL("./simulator.ts", import.meta.url)));
  return {
    async simulate(seeds) {
      const results: Simulated[] = [];
      const left = [...seeds.entries()];
      await Promise.all(
        workers.map(async (worker) => {
          for (let next = left.shift(); next; next = left.shift()) {
            const [index, seed] = next;
            worker.postMessage(seed);
            const [simulated] = await once(worker, "message");
            results[index] = simulated;
          }
        }),
      );
      return results;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
