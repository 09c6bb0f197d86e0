import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import type { createMetrics } from "../../src/telemetry/metrics.ts";
import { createStatus } from "../../src/telemetry/status.ts";
import { startServer } from "../../src/web/server.ts";
import { movableClock } from "../slack/oauth/oauth-setting.ts";
import { fakeSetup, startWeb } from "./web-setting.ts";

async function open(address: string): Promise<Socket> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname).on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Reads until the server closes the connection. */
async function talk(address: string, text: string): Promise<string> {
  const socket = await open(address);
  let answer = "";
  socket.setEncoding("utf8").on("data", (part: string) => {
    answer += part;
  });
  socket.write(text);
  await once(socket, "close");
  return answer;
}

test("pipelined requests are all answered, in their order", async () => {
  await using web = await startWeb();
  const paths = Array.from({ length: 500 }, (_, index) => (index % 2 ? "/healthz" : "/nothing"));
  const requests = paths.map((path, index) => {
    const last = index === paths.length - 1 ? "Connection: close\r\n" : "";
    return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${last}\r\n`;
  });
  const answers = await talk(web.address, requests.join(""));
  const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  assert.deepEqual(
    statuses,
    paths.map((path) => (path === "/healthz" ? "200" : "404")),
  );
});

test("a form that comes byte by byte is read to its end", async () => {
  const setup = fakeSetup();
  await using web = await startWeb({ setups: [setup] });
  const body = "key=the-one-time-key";
  const head = `POST /setup/acme HTTP/1.1\r\nHost: 127.0.0.1:${new URL(web.address).port}\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
  const socket = await open(web.address);
  socket.setNoDelay(true);
  for (const byte of head + body) {
    socket.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [answer] = await once(socket, "data");
  assert.match(String(answer), /^HTTP\/1\.1 303 /);
  socket.destroy();
});

test("a client that does not read its answer in time is disconnected", async () => {
  const late = new AbortController();
  const clock = { ...movableClock(), deadline: () => late.signal };
  const known = { clock, version: "1.2.3", sources: [{ name: "acme", authorized: true }] };
  await using web = await startWith(clock, known);
  const socket = await open(web.address);
  socket.pause();
  // More than the buffers of the operating system hold, so that the rest waits in the server.
  socket.write("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(200_000));
  const reading = await open(web.address);
  while (web.rendered() < 2) await new Promise((resolve) => setImmediate(resolve));
  late.abort();
  socket.resume();
  await once(socket, "close");
  reading.destroy();
});

async function startWith(clock: ReturnType<typeof movableClock>, known: Parameters<typeof createMetrics>[0]) {
  let rendered = 0;
  const text = "x".repeat(16 * 1_024 * 1_024);
  const server = await startServer(
    {
      clock,
      report: () => {},
      status: createStatus(known).snapshot,
      metrics: async () => {
        rendered++;
        clock.advance(2_000);
        return text;
      },
      setups: [],
    },
    { host: "127.0.0.1", port: 0, tls: {} },
  );
  return { ...server, rendered: () => rendered, [Symbol.asyncDispose]: server.close };
}

test("incomplete and malformed requests are answered with 400 and not reported", async (t) => {
  const setup = fakeSetup();
  await using web = await startWeb({ setups: [setup] });
  const host = `Host: 127.0.0.1:${new URL(web.address).port}`;
  const form = "Content-Type: application/x-www-form-urlencoded";
  const broken = {
    "a chunk without a length": `POST /setup/acme HTTP/1.1\r\n${host}\r\n${form}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nkey`,
    "a chunk that is longer than it says": `POST /setup/acme HTTP/1.1\r\n${host}\r\n${form}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nkey=1\r\n`,
    "a length that is no number": `POST /setup/acme HTTP/1.1\r\n${host}\r\n${form}\r\nContent-Length: x\r\n\r\n`,
    "two lengths": `POST /setup/acme HTTP/1.1\r\n${host}\r\n${form}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nk`,
    "a broken chunk at the callback": `POST /oauth/callback HTTP/1.1\r\n${host}\r\n${form}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    "no HTTP at all": "\u0016\u0003\u0001\r\n\r\n",
    "an escape that is none": `GET /setup/acme?key=%zz HTTP/1.1\r\n${host}\r\n\r\n`,
    "a half escape": `GET /setup/%a HTTP/1.1\r\n${host}\r\n\r\n`,
    "an escape that is no UTF-8": `GET /setup/%ff HTTP/1.1\r\n${host}\r\n\r\n`,
    "no host": "GET / HTTP/1.1\r\n\r\n",
    "two hosts": `GET / HTTP/1.1\r\n${host}\r\nHost: b\r\n\r\n`,
  };
  for (const [name, text] of Object.entries(broken)) {
    await t.test(name, async () => assert.match(await talk(web.address, text), /^HTTP\/1\.1 4(00|21) /));
  }
  await t.test("an upload that is broken off", async () => {
    const socket = await open(web.address);
    socket.write(`POST /setup/acme HTTP/1.1\r\n${host}\r\n${form}\r\nContent-Length: 100\r\n\r\nkey=`);
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    assert.equal((await fetch(`${web.address}/healthz`)).status, 200);
  });
  assert.deepEqual(web.events, []);
});
