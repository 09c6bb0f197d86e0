/** Lets a test wait for a fact instead of for a time. */
export interface Watch {
  /** Says that something may have become true. */
  changed(): void;
  /** Resolves with what `probe` finds, as soon as it finds something; rejects after half a minute, telling `describe`. */
  until<Found>(probe: () => Found | undefined | false, describe: () => string): Promise<Found>;
}

const LONGEST_WAIT_MS = 30_000;

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
        const timer = setTimeout(() => end(() => reject(new Error(`Waited in vain: ${describe()}`))), LONGEST_WAIT_MS);
        waiting.add(look);
        look();
      });
    },
  };
}
