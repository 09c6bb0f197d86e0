import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../src/runtime/clock.ts";
import { createHttp } from "../../src/runtime/http.ts";

const never = new AbortController().signal;
const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/** A server that answers every request with these pieces, each after the one before is sent. */
async function serve(t: TestContext, pieces: readonly string[]): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay());
    socket.on("error", () => {});
    socket.on("data", async () => {
      for (const piece of pieces) await new Promise((resolve) => socket.write(piece, () => setImmediate(resolve)));
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;
}

const answers: readonly [what: string, pieces: readonly string[]][] = [
  ["an unasked 100 Continue in one piece with the answer", [CONTINUE + OK]],
  ["an unasked 100 Continue before the answer", [CONTINUE, OK]],
  ["several of them", [CONTINUE + CONTINUE, CONTINUE, CONTINUE + OK]],
  ["one with headers and no reason", [`HTTP/1.1 100 \r\nserver: x\r\n\r\n${OK}`]],
  [
    "100, 102 and 103",
    [`${CONTINUE}HTTP/1.1 102 Processing\r\n\r\n${CONTINUE}HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${OK}`],
  ],
  ["no interim answer", [OK]],
  ["a body that looks like one", [`HTTP/1.1 200 OK\r\ncontent-length: ${2 + CONTINUE.length}\r\n\r\nok${CONTINUE}`]],
];

for (const [what, pieces] of answers) {
  test(`send() reads the response after ${what}, repeatedly on one connection`, async (t) => {
    const url = await serve(t, pieces);
    const http = createHttp({ clock: systemClock, timeoutMs: 60_000, maxAnswerBytes: 1_000 }, {});
    t.after(() => http.close());
    for (let request = 0; request < 3; request++) {
      const { status, body } = await http.send(url, { method: "POST", body: "x" }, never);
      assert.equal(status, 200);
      assert.equal(body.toString(), what.startsWith("a body") ? `ok${CONTINUE}` : "ok");
    }
  });
}
