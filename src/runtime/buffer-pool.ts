/** Reuses large buffers. The garbage collector does not count their memory, and would free them late. */
export interface BufferPool {
  /** Returns a buffer of at least `bytes` bytes. Its content is arbitrary. */
  take(bytes: number): Buffer;
  /** Returns a buffer, or the buffer of a part, to the pool. It must not be used afterwards. Ignores other buffers. */
  release(bytes: Uint8Array): void;
  /** Frees the memory of unused buffers at once. An idle process does not collect garbage. */
  clear(): void;
}

/** Room for a next page that is a little larger. */
const HEADROOM = 1.1;

/** Creates an empty pool. It does not keep buffers larger than `maxBytes`. */
export function createBufferPool(maxBytes: number): BufferPool {
  const free: Buffer[] = [];
  const inUse = new WeakSet<ArrayBufferLike>();
  return {
    take(bytes) {
      // Drop one that is too small, so that the pool never holds more buffers than were in use at once.
      const kept = free.pop();
      const buffer = kept && kept.length >= bytes ? kept : Buffer.allocUnsafeSlow(Math.ceil(bytes * HEADROOM));
      inUse.add(buffer.buffer);
      return buffer;
    },
    release({ buffer }) {
      if (inUse.delete(buffer) && buffer.byteLength <= maxBytes) free.push(Buffer.from(buffer as ArrayBuffer));
    },
    clear() {
      for (const { buffer } of free.splice(0)) (buffer as ArrayBuffer).transfer(0);
    },
  };
}
