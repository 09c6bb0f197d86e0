import type { Checkpoints, Json } from "../../src/model.ts";

/** A place for positions that outlives the sources that use it, as the disk does. */
export interface MemoryCheckpoints extends Checkpoints {
  /** Everything that was ever saved, in order. */
  readonly saved: readonly Json[];
}

/** Keeps positions as text: what a file would lose is lost here as well. */
export function createMemoryCheckpoints(): MemoryCheckpoints {
  const texts = new Map<string, string>();
  const saved: Json[] = [];
  return {
    saved,
    load(source) {
      const text = texts.get(source);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async save(source, position, signal) {
      signal.throwIfAborted();
      texts.set(source, JSON.stringify(position));
      saved.push(position);
    },
  };
}
