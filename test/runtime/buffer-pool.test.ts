import assert from "node:assert/strict";
import { test } from "node:test";
import { type BufferPool, createBufferPool } from "../../src/runtime/buffer-pool.ts";
import { fc } from "../support/properties.ts";

const MOST = 64;
/** What a buffer of MOST bytes is made for, and one more than a tenth larger. */
const FITS = 58;
const FITS_NOT = 59;

/** One use of a pool. Numbers select among the buffers in use, or those released before. */
type Act =
  | { readonly take: number }
  | { readonly giveBack: number; readonly part: boolean }
  | { readonly giveBackAgain: number }
  | { readonly giveForeign: number }
  | "clear";

const anyActs = fc.array(
  fc.oneof<fc.Arbitrary<Act>[]>(
    fc.record({ take: fc.nat(2 * MOST) }),
    fc.record({ giveBack: fc.nat(), part: fc.boolean() }),
    fc.record({ giveBackAgain: fc.nat() }),
    fc.record({ giveForeign: fc.integer({ min: 1, max: 2 * MOST }) }),
    fc.constant("clear"),
  ),
  { maxLength: 40 },
);

/** Fills every buffer in use with a unique number. A second user of the same buffer would overwrite it. */
function live(pool: BufferPool, acts: readonly Act[]): void {
  const held: Buffer[] = [];
  const given: Buffer[] = [];
  let number = 0;
  for (const act of acts) {
    if (act === "clear") pool.clear();
    else if ("take" in act) {
      const buffer = pool.take(act.take);
      assert.ok(buffer.length >= act.take);
      assert.ok(
        held.every((other) => other.buffer !== buffer.buffer),
        "lent twice at once",
      );
      assert.equal(buffer.byteOffset, 0);
      assert.equal(buffer.length, buffer.buffer.byteLength);
      held.push(buffer.fill(++number & 0xff));
    } else if ("giveBack" in act) {
      const [buffer] = held.splice(act.giveBack % (held.length || 1), 1);
      if (!buffer) continue;
      assert.ok(
        buffer.every((byte) => byte === buffer[0]),
        "somebody wrote over what is lent",
      );
      pool.release(act.part ? buffer.subarray(buffer.length >> 1) : buffer);
      given.push(buffer);
    } else if ("giveBackAgain" in act) {
      const again = given[act.giveBackAgain % (given.length || 1)];
      // A buffer that was taken again belongs to its new user. Releasing it twice is the caller's fault.
      if (again && held.every((other) => other.buffer !== again.buffer)) pool.release(again);
    } else {
      pool.release(Buffer.allocUnsafeSlow(act.giveForeign));
    }
  }
}

test("take() never returns a buffer in use, whatever is released and how often", () => {
  fc.assert(
    fc.property(anyActs, (acts) => live(createBufferPool(MOST), acts)),
    { numRuns: 500 },
  );
});

test("take() returns the whole of a buffer that was released by a part of it", () => {
  const pool = createBufferPool(MOST);
  const first = pool.take(FITS);
  pool.release(first.subarray(10, 20));
  const second = pool.take(5);
  assert.equal(second.buffer, first.buffer);
  assert.equal(second.length, first.length);
});

test("take() makes a new buffer when the released one is too small, and drops that one", () => {
  const pool = createBufferPool(MOST);
  const small = pool.take(10);
  pool.release(small);
  const large = pool.take(20);
  assert.notEqual(large.buffer, small.buffer);
  assert.notEqual(pool.take(10).buffer, small.buffer);
});

test("release() drops a buffer that is too large", () => {
  const pool = createBufferPool(MOST);
  for (const [bytes, kept] of [
    [FITS, true],
    [FITS_NOT, false],
  ] as const) {
    const buffer = pool.take(bytes);
    pool.release(buffer);
    assert.equal(pool.take(1).buffer === buffer.buffer, kept);
  }
});

test("release() ignores foreign buffers and buffers released before", () => {
  const pool = createBufferPool(MOST);
  const foreign = [Buffer.alloc(MOST), Buffer.from("a part of Node's own pool"), new Uint8Array(MOST)];
  for (const bytes of foreign) pool.release(bytes);
  const own = pool.take(FITS);
  pool.release(own);
  pool.release(own);
  pool.release(own.subarray(1));
  const lent = [pool.take(1), pool.take(1), pool.take(1)].map(({ buffer }) => buffer);
  assert.deepEqual(
    lent.map((buffer) => buffer === own.buffer),
    [true, false, false],
  );
  assert.ok(foreign.every(({ buffer }) => !lent.includes(buffer as ArrayBuffer)));
});

test("take() makes a buffer with room for a tenth more", () => {
  const pool = createBufferPool(2_000);
  const first = pool.take(1_000);
  pool.release(first);
  assert.equal(pool.take(1_100).buffer, first.buffer);
});

test("clear() frees released buffers, and none in use", () => {
  const pool = createBufferPool(MOST);
  const [free, lent] = [pool.take(10), pool.take(10)];
  pool.release(free);
  pool.clear();
  assert.equal(free.length, 0);
  assert.ok(lent.length >= 10);
  assert.notEqual(pool.take(1).buffer, free.buffer);
  pool.release(lent);
  assert.equal(pool.take(1).buffer, lent.buffer);
});

test("release() keeps nothing in a pool of size 0", () => {
  const pool = createBufferPool(0);
  const first = pool.take(1);
  pool.release(first);
  assert.notEqual(pool.take(1).buffer, first.buffer);
});
