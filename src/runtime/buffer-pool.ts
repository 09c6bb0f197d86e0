/**
 * Buffers that are used again. What is large and lives for one page would otherwise wait for the garbage collector, which does
 * not see how large it is.
 */
export interface BufferPool {
  /** A buffer of at least so many bytes, with anything in it. */
  take(bytes: number): Buffer;
  /** Takes a buffer back, or a part that stands for the whole; it is not to be used any more. Any other is left alone. */
  giveBack(bytes: Uint8Array): void;
  /** Frees at once what is not lent: while nothing happens no garbage collector comes by. */
  clear(): void;
}

/** So much more than was asked for, that the next one, which is a little larger, fits too. */
const SPARE = 1.1;

/** Makes an empty pool; what is larger than `mostBytes` is not kept. */
export function createBufferPool(mostBytes: number): BufferPool {
  const free: Buffer[] = [];
  const lent = new WeakSet<ArrayBufferLike>();
  return {
    take(bytes) {
      // One that is too small is let go, so that there are never more than were lent at once.
      const kept = free.pop();
      const buffer = kept && kept.length >= bytes ? kept : Buffer.allocUnsafeSlow(Math.ceil(bytes * SPARE));
      lent.add(buffer.buffer);
      return buffer;
    },
    giveBack({ buffer }) {
      if (lent.delete(buffer) && buffer.byteLength <= mostBytes) free.push(Buffer.from(buffer as ArrayBuffer));
    },
    clear() {
      for (const { buffer } of free.splice(0)) (buffer as ArrayBuffer).transfer(0);
    },
  };
}
