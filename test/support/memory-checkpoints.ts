import type { Checkpoints, Json } from "../../src/model.ts";

/** Checkpoints in memory. They outlive the sources that use them, as a disk does. */
export interface MemoryCheckpoints extends Checkpoints {
  /** All saved positions, in order. */
  readonly saved: readonly Json[];
}

/** Stores positions as JSON text, so a value that JSON loses is lost here too. */
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
