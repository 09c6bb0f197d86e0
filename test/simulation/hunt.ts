import { drawLargePage } from "./large-page.ts";
import { simulate } from "./simulate.ts";
import { createWorld } from "./world.ts";

/** One of so many schedules has a page that is worked off in slices: it takes as long as fifty others. */
const LARGE_EVERY = 50;

/** Runs schedule after schedule until one breaks a property; says which on the standard output, as JSON. */
const most = Number(process.argv[2]);
let found: { readonly schedules: number; readonly property?: string } = { schedules: most };
for (let seed = 1; seed <= most; seed++) {
  const world = createWorld(seed, seed % LARGE_EVERY === 0 ? { draw: drawLargePage } : {});
  const { failure } = await simulate(world);
  if (!failure) continue;
  found = { schedules: seed, property: failure.property };
  break;
}
process.stdout.write(JSON.stringify(found));
