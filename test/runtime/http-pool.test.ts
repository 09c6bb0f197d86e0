import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import zlib from "node:zlib";
import { listen } from "../../src/demo/http/listener.ts";
import { type BufferPool, createBufferPool } from "../../src/runtime/buffer-pool.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { AnswerTooLargeError, createHttp } from "../../src/runtime/http.ts";

const MOST = 100_000;
const never = new AbortController().signal;

/** A server with this response, a client with a limit, and a pool that records its calls. */
async function start(t: TestContext, answer: (response: ServerResponse) => void, onTake: () => void = () => {}) {
  const listener = await listen(async (_request, response) => answer(response), {});
  const http = createHttp({ clock: systemClock, timeoutMs: 60_000, maxAnswerBytes: MOST }, {});
  t.after(async () => {
    await http.close();
    await listener.close();
  });
  const pool = createBufferPool(10 * MOST);
  const taken: number[] = [];
  const buffers: Buffer[] = [];
  const watched: BufferPool = {
    ...pool,
    take(bytes) {
      taken.push(bytes);
      // Bytes that are not overwritten show.
      const buffer = pool.take(bytes).fill("#");
      buffers.push(buffer);
      onTake();
      return buffer;
    },
  };
  const send = async () => (await http.send(listener.origin, { method: "GET", pool: watched }, never)).body;
  return { send, pool, taken, buffers };
}

function text(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => 97 + (index % 26)));
}

/** Compares long buffers. A diff of them would take minutes. */
function assertSame(bytes: Buffer, expected: Buffer): void {
  assert.equal(bytes.length, expected.length);
  assert.ok(bytes.equals(expected));
}

test("send() reads a response into one buffer of the announced length", async (t) => {
  const body = text(50_000);
  const { send, pool, taken } = await start(t, (response) => {
    response.writeHead(200, { "content-length": body.length }).end(body);
  });
  const first = await send();
  assertSame(first, body);
  assert.deepEqual(taken, [body.length]);
  pool.release(first);
  const second = await send();
  assert.equal(second.buffer, first.buffer);
  assertSame(second, body);
});

test("send() never reads two responses into one buffer before the first is released", async (t) => {
  let answers = 0;
  const { send } = await start(t, (response) => void response.end(Buffer.alloc(1_000, String(answers++))));
  const bodies = [await send(), await send(), await send()];
  assert.deepEqual(
    bodies.map(String),
    ["0", "1", "2"].map((digit) => digit.repeat(1_000)),
  );
});

test("send() reads a response without a length into growing buffers, and releases the smaller ones", async (t) => {
  const body = text(90_000);
  const reads = Promise.withResolvers<void>();
  const { send, pool, taken, buffers } = await start(
    t,
    async (response) => {
      // Chunked, without a length. The second chunk follows when the first is read.
      response.write(body.subarray(0, 1_000));
      await reads.promise;
      response.end(body.subarray(1_000));
    },
    () => setImmediate(reads.resolve),
  );
  const answer = await send();
  assertSame(answer, body);
  assert.ok(taken.length > 1, "it had to grow");
  const lent = pool.take(1);
  assert.ok(buffers.some(({ buffer }) => buffer === lent.buffer));
  assert.notEqual(lent.buffer, answer.buffer);
});

test("send() reads a short response into a reused larger buffer, and returns only its own bytes", async (t) => {
  const lengths = [5_000, 10];
  const { send, pool } = await start(t, (response) => void response.end(text(lengths.shift() ?? 0)));
  const first = await send();
  pool.release(first);
  const second = await send();
  assert.equal(second.buffer, first.buffer);
  assertSame(second, text(10));
});

test("send() decompresses a response, and releases the compressed buffer", async (t) => {
  const body = text(80_000);
  const packed = zlib.gzipSync(body);
  const { send, taken, pool } = await start(t, (response) => {
    response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length }).end(packed);
  });
  const first = await send();
  assertSame(first, body);
  assert.deepEqual(taken, [packed.length]);
  // All buffers are released: the next response gets the buffer of the first.
  const lent = pool.take(1);
  assert.ok(lent.length >= packed.length && lent.length < body.length);
  pool.release(first);
  assert.notEqual(pool.take(1).buffer, first.buffer);
});

test("send() rejects a response above its limit, whatever its announced length, without a larger buffer", async (t) => {
  for (const announced of [true, false]) {
    const { send, taken } = await start(t, (response) => {
      if (announced) response.writeHead(200, { "content-length": 50 * MOST });
      response.end(Buffer.alloc(50 * MOST));
    });
    await assert.rejects(send(), AnswerTooLargeError);
    assert.ok(Math.max(...taken) <= 2 * MOST, String(taken));
  }
});

test("send() rejects a response that ends before its announced length", async (t) => {
  const { send } = await start(t, (response) => {
    response.writeHead(200, { "content-length": 2_000 });
    response.write(text(1_000), () => response.destroy());
  });
  await assert.rejects(send());
});

test("send() reads no more than the announced length", async (t) => {
  const { send, taken } = await start(t, (response) => {
    response.writeHead(200, { "content-length": 1_000 });
    response.end(text(2_000));
  });
  // The surplus may break the connection before or after the response is read.
  const body = await send().catch(() => text(1_000));
  assertSame(body, text(1_000));
  assert.deepEqual(taken, [1_000]);
});

test("send() reads an empty response", async (t) => {
  const { send } = await start(t, (response) => void response.writeHead(200, { "content-length": 0 }).end());
  assert.equal((await send()).length, 0);
});
