/** Waits for conditions instead of fixed times. */
export interface Watch {
  /** Checks all conditions again. */
  changed(): void;
  /** Resolves to the first result of `probe` that is not undefined or false. Rejects with `describe()` after half a minute. */
  until<Found>(probe: () => Found | undefined | false, describe: () => string): Promise<Found>;
}

const MAX_WAIT_MS = 30_000;

export function createWatch(): Watch {
  const waiting = new Set<() => void>();
  return {
    changed() {
      for (const look of waiting) look();
    },
    until(probe, describe) {
      return new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          clearTimeout(timer);
          waiting.delete(look);
          settle();
        };
        const look = () => {
          try {
            const found = probe();
            if (found !== undefined && found !== false) end(() => resolve(found));
          } catch (error) {
            end(() => reject(error));
          }
        };
        const timer = setTimeout(() => end(() => reject(new Error(`Waited in vain: ${describe()}`))), MAX_WAIT_MS);
        waiting.add(look);
        look();
      });
    },
  };
}
