import assert from "node:assert/strict";
import { createServer as createHttpServer } from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net, { type Server, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { createSend, type Send } from "../../../src/otlp/export/send.ts";
import { wrongProtocolOfText } from "../../../src/otlp/export/wrong-protocol.ts";
import { systemClock } from "../../../src/runtime/clock.ts";
import { createHttp } from "../../../src/runtime/http.ts";
import { makeAuthority, testWithOpenssl } from "../../runtime/certificates.ts";
import { makeTemporaryFolder } from "../../runtime/temporary-folder.ts";
import { makeRecords } from "../encoding/records.ts";

/** Lets a server listen on a free port until the end of the test. */
async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => {})));
  for (const event of ["sessionError", "tlsClientError"]) server.on(event, () => {});
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as net.AddressInfo).port;
}

function makeSend(t: TestContext, url: string, ca?: string): Send {
  const http = createHttp(
    { clock: systemClock, timeoutMs: 60_000, maxAnswerBytes: 1e6, ...(ca && { tls: { ca } }) },
    {},
  );
  t.after(() => http.close());
  return createSend({
    url,
    protocol: "http/protobuf",
    headers: () => ({}),
    compression: "gzip",
    maxBytes: 1e6,
    timeoutMs: 60_000,
    meterProvider: new MeterProvider(),
    http,
    clock: systemClock,
    warn() {},
    hardStop: new AbortController().signal,
  });
}

async function assertHeld(send: Send, remedy: RegExp): Promise<void> {
  for (const records of [[], makeRecords(2)]) {
    const outcome = await send(records);
    assert.ok(outcome.status === "hold", JSON.stringify(outcome));
    assert.match(outcome.remedy, remedy);
    assert.doesNotMatch(`${outcome.why}; ${outcome.remedy}`, /\n|OpenSSL|SSL routines|parser|RTSP/i);
    assert.equal(outcome.doubt, undefined);
  }
}

const GRPC = /gRPC port: OTLP\/HTTP usually listens on 4318/;
const HTTPS = /^write https:\/\//;
const HTTP = /^write http:\/\//;

/** Creates a server that answers the first bytes with these, and closes. */
function answering(hex: string, { stays = false } = {}): Server {
  return net.createServer((socket) => {
    const bytes = Buffer.from(hex, "hex");
    socket.once("data", () => (stays ? socket.write(bytes) : socket.end(bytes)));
  });
}

const SETTINGS = "000006040000000000000500004000";
const GOAWAY = "0000080700000000000000000000000001";

const plainPorts: readonly [what: string, make: () => Server, remedy: RegExp][] = [
  ["a server of HTTP/2", () => http2.createServer((_request, response) => response.end()), GRPC],
  ["SETTINGS of HTTP/2", () => answering(SETTINGS), GRPC],
  ["SETTINGS of HTTP/2 on a connection that stays", () => answering(SETTINGS, { stays: true }), GRPC],
  ["empty SETTINGS and GOAWAY", () => answering(`000000040000000000${GOAWAY}`), GRPC],
  ["GOAWAY of HTTP/2", () => answering(GOAWAY), GRPC],
  ["an alert of TLS 1.2", () => answering("15030300020246"), HTTPS],
  ["an alert of TLS 1.0", () => answering("1503010002020a"), HTTPS],
];

for (const [what, make, remedy] of plainPorts) {
  test(`createSend() holds with the remedy when http:// meets ${what}`, async (t) => {
    await assertHeld(makeSend(t, `http://127.0.0.1:${await listen(t, make())}/v1/logs`), remedy);
  });
}

const texts: readonly [text: string, remedy: RegExp][] = [
  ["<html><center><h1>400 Bad Request</h1></center>The plain HTTP request was sent to HTTPS port</html>", HTTPS],
  ["Client sent an HTTP request to an HTTPS server.\n", HTTPS],
  ["Reason: You're speaking plain HTTP to an SSL-enabled server port.", HTTPS],
  ["Bad Request\nThis combination of host and port requires TLS.", HTTPS],
  ["invalid gRPC request content-type", GRPC],
  ["Unknown ALPN Protocol, expected `h2` to be available.", GRPC],
];

for (const [text, remedy] of texts) {
  test(`createSend() holds with the remedy when the answer is 400 ${JSON.stringify(text)}`, async (t) => {
    const port = await listen(
      t,
      createHttpServer((_request, response) => response.writeHead(400).end(text)),
    );
    await assertHeld(makeSend(t, `http://127.0.0.1:${port}/v1/logs`), remedy);
  });
}

test("wrongProtocolOfText() is undefined for other texts", () => {
  for (const text of ["", "bad request", "unsupported path requested", "json encoding is not supported", "http"]) {
    assert.equal(wrongProtocolOfText(text), undefined);
  }
});

test("createSend() holds with the remedy when https:// meets a plain port", async (t) => {
  for (const server of [
    createHttpServer((_request, response) => response.end()),
    http2.createServer((_request, response) => response.end()),
    answering(Buffer.from("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").toString("hex")),
    answering(Buffer.from("220 ready\r\n").toString("hex")),
  ]) {
    await assertHeld(makeSend(t, `https://127.0.0.1:${await listen(t, server)}/v1/logs`), HTTP);
  }
});

testWithOpenssl("createSend() holds with the remedy when https:// meets a server of HTTP/2 alone", async (t) => {
  const { ca, server } = await makeAuthority(await makeTemporaryFolder(t));
  const secure = http2.createSecureServer({ ...server }, (_request, response) => response.end());
  await assertHeld(makeSend(t, `https://localhost:${await listen(t, secure)}/v1/logs`, ca), GRPC);
});

test("createSend() hints at http:// when https:// meets a plain port that hangs up without a word", async (t) => {
  const outcome = await makeSend(t, `https://127.0.0.1:${await listen(t, answering(""))}/v1/logs`)([]);
  assert.ok(outcome.status === "retry" && outcome.doubt === "broken", JSON.stringify(outcome));
  assert.equal(outcome.hint, "write http:// in export.endpoint if this port speaks no TLS");
});

testWithOpenssl("createSend() is in doubt when http:// meets a server that closes the connection", async (t) => {
  const { server } = await makeAuthority(await makeTemporaryFolder(t));
  const secure = https.createServer({ ...server }, (_request, response) => response.end());
  const outcome = await makeSend(t, `http://127.0.0.1:${await listen(t, secure)}/v1/logs`)([]);
  assert.equal(outcome.doubt, "broken");
  assert.equal(outcome.hint, undefined);
});

test("createSend() recovers when the right server listens at the port", async (t) => {
  const wrong = answering(SETTINGS);
  const port = await listen(t, wrong);
  const send = makeSend(t, `http://127.0.0.1:${port}/v1/logs`);
  assert.equal((await send([])).status, "hold");
  await new Promise((resolve) => wrong.close(resolve));
  const right = createHttpServer((request, response) => request.resume().on("end", () => response.end()));
  right.listen(port, "127.0.0.1");
  await new Promise((resolve) => right.once("listening", resolve));
  t.after(() => right.close().closeAllConnections());
  assert.equal((await send([])).status, "ok");
});
