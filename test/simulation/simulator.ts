import { parentPort } from "node:worker_threads";
import { simulate } from "./simulate.ts";
import { createWorld } from "./world.ts";

/** Simulates the worlds of the seeds that the other thread names. */
parentPort?.on("message", async (seed: number) => {
  parentPort?.postMessage(await simulate(createWorld(seed)));
});
