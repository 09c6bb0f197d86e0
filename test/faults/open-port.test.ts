import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { test } from "node:test";
import { floodAndNeverRead, openSocket, slowestAnswer } from "../process/clients.ts";
import type { Daemon } from "../process/daemon.ts";
import { startSetting } from "../process/setting.ts";
import { makeAuthority } from "../runtime/certificates.ts";

const skip = process.platform === "linux" ? false : "resident memory is read from /proc, which is there on Linux only";
const MOST_GROWTH_MIB = 64;
/** Generous for a busy CI machine. A Kubernetes liveness probe must fail three times in a row. */
const SLOWEST_MS = 5_000;
const QUESTIONS = 60;

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
const many = (clients: number, open: (address: string) => Promise<Socket>) => (address: string) =>
  Promise.all(Array.from({ length: clients }, () => open(address)));
const saying = (text: string) => async (address: string) => {
  const socket = await openSocket(address);
  socket.write(text);
  return socket;
};

const ATTACKS: Readonly<Record<string, (address: string) => Promise<Socket[]>>> = {
  "40 clients pipeline 1900 requests for the metrics each and read nothing": many(40, (address) =>
    floodAndNeverRead(address, get("/metrics"), 1_900),
  ),
  "40 clients pipeline requests for the status page and read nothing": many(40, (address) =>
    floodAndNeverRead(address, get("/"), 1_900),
  ),
  "40 clients pipeline the shortest requests there are and read nothing": many(40, (address) =>
    floodAndNeverRead(address, "GET / HTTP/1.1\r\nHost:\r\n\r\n", 3_000),
  ),
  "200 clients connect and say nothing": many(200, openSocket),
  "200 clients stop in the middle of a header": many(200, saying("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")),
  "200 clients stop in the middle of a form": many(
    200,
    saying("POST /setup/acme HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4000\r\n\r\nkey="),
  ),
  "60 clients send headers without an end": many(60, (address) =>
    floodAndNeverRead(address, `GET / HTTP/1.1\r\n${"x: y\r\n".repeat(4_000)}`, 1),
  ),
};

test("daemon keeps its memory and its health whatever clients do", { skip, timeout: 120_000 }, async (t) => {
  await using setting = await startSetting();
  const daemon = await setting.daemon({});
  await daemon.until("window_delivered");
  await slowestAnswer(`${daemon.address}/metrics`, QUESTIONS);
  const before = residentMib(daemon);
  for (const [name, attack] of Object.entries(ATTACKS)) {
    await t.test(name, async (t) => {
      const sockets = await attack(daemon.address);
      const slowestMs = await slowestAnswer(`${daemon.address}/healthz`, QUESTIONS);
      const grownMib = residentMib(daemon) - before;
      for (const socket of sockets) socket.destroy();
      t.diagnostic(`${Math.round(grownMib)} MiB more, ${Math.round(slowestMs)} ms for the slowest answer`);
      assert.ok(grownMib < MOST_GROWTH_MIB, `${grownMib} MiB more are resident`);
      assert.ok(slowestMs < SLOWEST_MS, `an answer took ${slowestMs} ms`);
    });
  }
  assert.deepEqual(
    daemon.lines.filter(({ event }) => event === "failed"),
    [],
  );
});

test("daemon answers /healthz while 200 clients hold TLS connections without a handshake", {
  skip: spawnSync("openssl", ["version"]).error ? "openssl is missing" : false,
  timeout: 60_000,
}, async () => {
  await using setting = await startSetting();
  await makeAuthority(setting.folder);
  const tls = { cert_file: `${setting.folder}/server.pem`, key_file: `${setting.folder}/server.key` };
  const daemon = await setting.daemon({ http: { listen: "127.0.0.1:0", tls } });
  const held = await many(200, openSocket)(daemon.address);
  assert.ok((await slowestAnswer(`${daemon.address}/healthz`, QUESTIONS)) < SLOWEST_MS);
  for (const socket of held) socket.destroy();
  assert.equal((await daemon.stop()).code, 0);
});

function residentMib({ pid }: Daemon): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
}
