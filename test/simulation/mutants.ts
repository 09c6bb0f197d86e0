import { hunt, type Mutant } from "./mutant.ts";
import { MUTANTS } from "./mutant-list.ts";

/** How many schedules a mutant may survive. */
const SCHEDULES = Number(process.env.SIMULATIONS ?? 5_000);
const AT_ONCE = 2;

/** Breaks one rule of the protocol after the other, and shows which property of the simulation notices, and how soon. */
const chosen = MUTANTS.filter(({ name }) => name.includes(process.argv[2] ?? ""));
const survivors: string[] = [];
const left: Mutant[] = [...chosen].reverse();
const width = Math.max(...chosen.map(({ name }) => name.length));

await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let mutant = left.pop(); mutant; mutant = left.pop()) {
      const { hunters, property } = await hunt(mutant, SCHEDULES);
      if (property === undefined) survivors.push(mutant.name);
      const result = property === undefined ? `SURVIVED ${hunters}` : `caught by ${hunters}: ${property}`;
      process.stdout.write(`${mutant.name.padEnd(width)}  ${result}\n`);
    }
  }),
);
process.stdout.write(`${chosen.length - survivors.length} of ${chosen.length} mutants caught\n`);
process.exitCode = survivors.length === 0 ? 0 : 1;
