import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import zlib from "node:zlib";
import { type Listener, listen, readBody, type ServerTls } from "../../src/demo/http/listener.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import {
  AnswerTooLargeError,
  createHttp,
  describeNetworkError,
  type Http,
  type HttpOptions,
} from "../../src/runtime/http.ts";
import { retryAfterMs } from "../../src/runtime/retry-after.ts";
import { makeAuthority, testWithOpenssl } from "./certificates.ts";
import { startProxy } from "./proxy.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const never = new AbortController().signal;
const get = { method: "GET" } as const;
type Serve = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

async function serve(t: TestContext, handle: Serve, tls?: ServerTls): Promise<Listener> {
  const listener = await listen(async (request, response) => handle(request, response), tls ? { tls } : {});
  t.after(() => listener.close());
  return listener;
}

/** A client that closes with the test. */
function client(t: TestContext, options: Partial<HttpOptions> = {}, env: NodeJS.ProcessEnv = {}) {
  const deadline = new AbortController();
  const limits: number[] = [];
  const clock = {
    ...systemClock,
    deadline: (ms: number) => {
      limits.push(ms);
      return deadline.signal;
    },
  };
  const http: Http = createHttp({ clock, timeoutMs: 60_000, maxAnswerBytes: 1_000, ...options }, env);
  t.after(() => http.close());
  const timeOut = () => deadline.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  return { http, limits, timeOut };
}

test("send() sends the method, the path, the headers and the body, and reads the whole answer", async (t) => {
  const { origin } = await serve(t, async (request, response) => {
    const body = (await readBody(request)).toString();
    const { method, url, headers } = request;
    response.writeHead(201, { "x-more": "1" });
    response.end(
      JSON.stringify([method, url, headers["x-own"], headers["accept-encoding"], headers["content-length"], body]),
    );
  });
  const { http, limits } = client(t);
  const answer = await http.send(
    `${origin}/a/b?c=d`,
    { method: "POST", headers: { "x-own": "2" }, body: "text" },
    never,
  );
  assert.equal(answer.status, 201);
  assert.equal(answer.headers["x-more"], "1");
  assert.deepEqual(JSON.parse(answer.body.toString()), ["POST", "/a/b?c=d", "2", "gzip", "4", "text"]);
  assert.deepEqual(limits, [60_000]);
});

test("send() decompresses a response", async (t) => {
  const { origin } = await serve(t, (_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(zlib.gzipSync("packed"));
  });
  assert.equal((await client(t).http.send(origin, get, never)).body.toString(), "packed");
});

test("send() rejects a response above its limit, compressed or not", async (t) => {
  const { origin } = await serve(t, ({ url }, response) => {
    const body = Buffer.alloc(Number(url?.slice(2)), "a");
    if (url?.startsWith("/z")) response.writeHead(200, { "content-encoding": "gzip" }).end(zlib.gzipSync(body));
    else response.end(body);
  });
  const { http } = client(t);
  for (const kind of ["p", "z"]) {
    assert.equal((await http.send(`${origin}/${kind}1000`, get, never)).body.length, 1_000);
    await assert.rejects(http.send(`${origin}/${kind}1001`, get, never), AnswerTooLargeError);
    await assert.rejects(http.send(`${origin}/${kind}10000000`, get, never), AnswerTooLargeError);
  }
});

test("send() rejects a response that claims a compression it does not have", async (t) => {
  const { origin } = await serve(t, (_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end("plain");
  });
  await assert.rejects(client(t).http.send(origin, get, never), { code: "Z_DATA_ERROR" });
});

test("send() does not follow a redirect", async (t) => {
  const visited: string[] = [];
  const { origin } = await serve(t, ({ url = "" }, response) => {
    visited.push(url);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  const answer = await client(t).http.send(`${origin}/here`, { ...get, headers: { authorization: "Bearer x" } }, never);
  assert.equal(answer.status, 307);
  assert.deepEqual(visited, ["/here"]);
});

test("send() rejects when its time is over before a response", async (t) => {
  const { http, timeOut } = client(t);
  const { origin } = await serve(t, timeOut);
  await assert.rejects(http.send(origin, get, never), { name: "TimeoutError" });
});

test("send() rejects when its time is over, even while a response still arrives", async (t) => {
  const { http, timeOut } = client(t);
  const { origin } = await serve(t, async (_request, response) => {
    response.writeHead(200).flushHeaders();
    for (let bytes = 0; !response.destroyed; bytes++) {
      if (bytes === 50) timeOut();
      await new Promise((resolve) => response.write("a", resolve));
    }
  });
  await assert.rejects(http.send(origin, get, never), { name: "TimeoutError" });
});

test("send() rejects with the signal's reason when it aborts", async (t) => {
  const stop = new AbortController();
  const reason = new Error("killed");
  const { origin } = await serve(t, () => stop.abort(reason));
  const { http } = client(t);
  await assert.rejects(http.send(origin, get, stop.signal), reason);
  await assert.rejects(http.send(origin, get, AbortSignal.abort(reason)), reason);
});

test("send() rejects when the connection breaks or cannot be made", async (t) => {
  const listener = await serve(t, (_request, response) => void response.destroy());
  const { http } = client(t);
  const broken = await http.send(listener.origin, get, never).catch(describeNetworkError);
  assert.match(String(broken), /\((UND_ERR_SOCKET|ECONNRESET)\)$/);
  await listener.close();
  const refused = await http.send(listener.origin, get, never).catch(describeNetworkError);
  assert.match(String(refused), /^connect ECONNREFUSED 127\.0\.0\.1:\d+ \(ECONNREFUSED\)$/);
});

test("send() uses the proxy of the environment, except to loopback", async (t) => {
  const { origin } = await serve(t, ({ headers }, response) => void response.end(headers.host));
  const proxy = await startProxy(origin);
  t.after(() => proxy.close());
  for (const env of [{ HTTP_PROXY: proxy.origin }, { http_proxy: proxy.origin, NO_PROXY: "other.example" }]) {
    const { http } = client(t, {}, env);
    const answer = await http.send("http://collector.example/v1/logs", get, never);
    assert.equal(answer.body.toString(), "collector.example");
    assert.equal((await http.send(origin, get, never)).status, 200);
    await http.send(origin.replace("127.0.0.1", "localhost"), get, never);
  }
  assert.deepEqual(proxy.asked, Array(2).fill("GET http://collector.example/v1/logs"));
});

test("send() uses no proxy when NO_PROXY covers the URL", async (t) => {
  const { origin } = await serve(t, (_request, response) => void response.end());
  const proxy = await startProxy(origin);
  t.after(() => proxy.close());
  for (const NO_PROXY of ["collector.invalid", "*"]) {
    const { http } = client(t, {}, { HTTP_PROXY: proxy.origin, NO_PROXY });
    await assert.rejects(http.send("http://collector.invalid/", get, never));
  }
  assert.deepEqual(proxy.asked, []);
});

testWithOpenssl("send() trusts the given authority only, and shows the given certificate", async (t) => {
  const { ca, server, client: identity } = await makeAuthority(await makeTemporaryFolder(t));
  const { origin } = await serve(t, (_request, response) => void response.end("in"), {
    ...server,
    ca,
    requestClientCert: true,
  });
  assert.equal((await client(t, { tls: { ca, ...identity } }).http.send(origin, get, never)).body.toString(), "in");
  await assert.rejects(client(t, { tls: { ca } }).http.send(origin, get, never));
  const why = await client(t, { tls: identity }).http.send(origin, get, never).catch(describeNetworkError);
  assert.match(String(why), /self.signed certificate in certificate chain|unable to (verify|get)/);
});

testWithOpenssl("send() keeps to its own TLS through a proxy", async (t) => {
  const { ca, server, client: identity } = await makeAuthority(await makeTemporaryFolder(t));
  const tls = { ...server, ca, requestClientCert: true };
  const { origin } = await serve(t, ({ headers }, response) => void response.end(headers.host), tls);
  const proxy = await startProxy(origin);
  t.after(() => proxy.close());
  const env = { HTTPS_PROXY: proxy.origin };
  const { http } = client(t, { tls: { ca, ...identity } }, env);
  assert.equal((await http.send("https://collector.example/", get, never)).body.toString(), "collector.example");
  await assert.rejects(client(t, { tls: { ca } }, env).http.send("https://collector.example/", get, never));
  await assert.rejects(http.send("https://another.example/", get, never), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  assert.equal(proxy.asked[0], "CONNECT collector.example:443");
});

test("describeNetworkError() finds the cause", () => {
  const coded = (message: string, code: string) => Object.assign(new Error(message), { code });
  assert.equal(describeNetworkError("text"), "unknown network error");
  assert.equal(describeNetworkError(new DOMException("x", "TimeoutError")), "no answer in time");
  assert.equal(describeNetworkError(new TypeError("fetch failed", { cause: coded("gone", "EX") })), "gone (EX)");
  const both = new AggregateError([coded("first", "E1"), coded("second", "E2")]);
  assert.equal(describeNetworkError(both), "first (E1)");
  assert.equal(describeNetworkError(coded("", "E1")), "Error (E1)");
});

const NOON = Date.parse("2026-01-01T12:00:00Z");
const retryAfter: readonly [header: string | string[] | undefined, ms: number | undefined][] = [
  [undefined, undefined],
  ["", undefined],
  ["soon", undefined],
  ["0", 1_000],
  ["1", 1_000],
  [" 30 ", 30_000],
  [["30", "60"], 30_000],
  ["3601", 3_600_000],
  ["1000000000", 3_600_000],
  ["9".repeat(400), 3_600_000],
  ["Thu, 01 Jan 2026 12:02:00 GMT", 120_000],
  ["Thursday, 01-Jan-26 12:02:00 GMT", 120_000],
  ["Thu, 01 Jan 2026 11:00:00 GMT", 1_000],
];
for (const [header, ms] of retryAfter) {
  test(`retryAfterMs() is ${ms} when the header is ${JSON.stringify(header)?.slice(0, 40)}`, () => {
    assert.equal(retryAfterMs(header, NOON), ms);
  });
}

test("retryAfterMs() compares a date with the sender's clock, else with ours, and returns an hour at most", () => {
  const header = "Thu, 01 Jan 2026 12:02:00 GMT";
  assert.equal(retryAfterMs(header, 0, "Thu, 01 Jan 2026 12:00:00 GMT"), 120_000);
  assert.equal(retryAfterMs(header, 0, ["Wed, 31 Dec 2025 12:02:00 GMT"]), 3_600_000);
  assert.equal(retryAfterMs(header, 0), 3_600_000);
  assert.equal(retryAfterMs(header, 0, "now"), 3_600_000);
  assert.equal(retryAfterMs("86400", 0), 3_600_000);
});
