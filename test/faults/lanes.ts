/** Reads a whole number from the environment, for the long form of a test. */
export function numberFrom(name: string, otherwise: number): number {
  const given = Number(process.env[name] || otherwise);
  if (!Number.isSafeInteger(given) || given < 1) throw new Error(`Cannot use ${name}: it must be a whole number`);
  return given;
}

/** The seed of this run: `SEED`, else a fixed one per test. */
export function seedOf(name: string): number {
  return numberFrom(
    "SEED",
    [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7),
  );
}

/** Cuts a number of trials into rounds of at most so many, for each of which `play` is called; so many at once. */
export async function inLanes<Result>(
  trials: number,
  { lanes, perRound }: { lanes: number; perRound: number },
  play: (round: { index: number; trials: number }) => Promise<Result>,
): Promise<Result[]> {
  const rounds = Math.max(Math.min(lanes, trials), Math.ceil(trials / perRound));
  const results: Result[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let index = next++; index < rounds; index = next++) {
        const share = Math.floor(((index + 1) * trials) / rounds) - Math.floor((index * trials) / rounds);
        results.push(await play({ index, trials: share }));
      }
    }),
  );
  return results;
}
