import { simulate } from "./simulate.ts";
import { addTally, createTally } from "./tally.ts";
import { createWorld } from "./world.ts";

const total = createTally();
const from = Number(process.argv[2]),
  n = Number(process.argv[3]);
const t0 = performance.now();
const fails: Record<string, number[]> = {};
for (let seed = from; seed < from + n; seed++) {
  const t = performance.now();
  const { failure, tally } = await simulate(createWorld(seed));
  addTally(total, tally);
  if (failure) {
    (fails[failure.property] ??= []).push(seed);
    if ((fails[failure.property]?.length ?? 0) < 4) console.log(seed, failure);
  }
  const dt = performance.now() - t;
  if (dt > 300) console.log("slow", seed, dt, tally);
}
console.log(total, (performance.now() - t0) / n, "ms each");
for (const [k, v] of Object.entries(fails)) console.log(k, v.length, v.slice(0, 10).join());
