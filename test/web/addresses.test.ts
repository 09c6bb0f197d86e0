import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { setupUrlOf } from "../../src/config/url.ts";
import { fakeSetup, KEY, raw, startWeb } from "./web-setting.ts";

const PAGES = ["/", "/status.json", "/metrics", "/readyz"];

test("the setup page is beside the callback, below the prefix of the redirect URL", () => {
  const cases = {
    "https://h/oauth/callback": "https://h/setup/acme",
    "https://h/slack-audit/oauth/callback": "https://h/slack-audit/setup/acme",
    "https://h/slack-audit/oauth/callback/": "https://h/slack-audit/setup/acme",
    "https://h:8443/a/b/oauth/callback?x=1#y": "https://h:8443/a/b/setup/acme",
    "https://h/callback": "https://h/setup/acme",
    "https://h/a/b/c": "https://h/a/b/setup/acme",
    "https://h/a/": "https://h/setup/acme",
    "https://h/": "https://h/setup/acme",
    "https://h/caf%C3%A9/oauth/callback": "https://h/caf%C3%A9/setup/acme",
  };
  for (const [redirectUrl, expected] of Object.entries(cases)) assert.equal(setupUrlOf(redirectUrl, "acme"), expected);
});

test("setup, callback and status answer whether a proxy keeps the prefix or removes all or part of it", async () => {
  const segment = fc.stringMatching(/^[a-z0-9.~-]{1,8}$/).filter((text) => !/^\.{1,2}$/.test(text));
  const redirectPath = fc.oneof(
    fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`),
    fc.array(segment, { maxLength: 3 }).map((parts) => `${parts.map((part) => `/${part}`).join("")}/oauth/callback`),
  );
  const own = /^\/(healthz|readyz|metrics|status\.json|setup(\/.*)?)?$/;
  await fc.assert(
    fc.asyncProperty(redirectPath, async (path) => {
      const redirectUrl = `https://audit.example.com${path}`;
      const setup = fakeSetup({ redirectUrl });
      const prefix = new URL(setup.setupUrl).pathname.replace("/setup/acme", "");
      fc.pre(!own.test(path) && !own.test(path.slice(prefix.length)));
      await using web = await startWeb({ setups: [setup] });
      const headers = { host: "audit.example.com" };
      const get = async (at: string) => raw(web.address, { path: at, headers });
      const mounts = prefix.split("/").map((_, index, parts) => ["", ...parts.slice(index + 1)].join("/"));
      for (const mount of new Set([prefix, ...mounts])) {
        assert.equal((await get(`${mount}/setup/acme?key=${KEY}`)).status, 200, `${mount} of ${path}`);
        assert.equal((await get(`${mount}/status.json`)).status, 200);
        const callback = `${mount}${path.slice(prefix.length)}`;
        const page = await get(`${callback}?code=c&state=state-1`);
        assert.equal(page.status, 200, `${callback} of ${path}`);
        const home = /href="([./]+)"/.exec(page.body)?.[1] ?? "";
        assert.equal(new URL(home, `https://h${callback}`).pathname, `${mount}/`);
      }
    }),
    { numRuns: 25 },
  );
});

test("an address with the default port equals one without a port", async () => {
  const cases = [
    [
      "https://h.example/oauth/callback",
      ["h.example", "h.example:443", "H.EXAMPLE:443"],
      ["h.example:80", "h.example:8443"],
    ],
    ["https://h.example:8443/oauth/callback", ["h.example:8443"], ["h.example", "h.example:443"]],
    ["http://localhost/oauth/callback", ["localhost", "localhost:80"], ["localhost:443"]],
    ["https://[2001:db8::1]/oauth/callback", ["[2001:db8::1]", "[2001:db8::1]:443"], ["[2001:db8::1]:444"]],
  ] as const;
  for (const [redirectUrl, same, others] of cases) {
    await using web = await startWeb({ setups: [fakeSetup({ redirectUrl })] });
    const status = async (host: string) =>
      (await raw(web.address, { path: `/setup/acme?key=${KEY}`, headers: { host } })).status;
    for (const host of same) assert.equal(await status(host), 200, host);
    for (const host of others) assert.equal(await status(host), 421, host);
  }
});

test("a request with another server's name gets only the page that says what a proxy must pass on", async () => {
  const setups = [fakeSetup({ redirectUrl: "https://audit.example.com/oauth/callback" })];
  await using web = await startWeb({ setups });
  const own = [
    "audit.example.com",
    "audit.example.com:8443",
    "localhost",
    "localhost:9",
    "127.0.0.1:1",
    "10.1.2.3:8080",
    "[::1]",
  ];
  const foreign = [
    "evil.example",
    "evil.example:8080",
    "audit.example.com.evil.example",
    "a b",
    "127.0.0.1.evil.example",
    "backend",
  ];
  for (const path of PAGES) {
    for (const host of own) {
      const { status } = await raw(web.address, { path, headers: { host } });
      assert.ok([200, 503].includes(status), `${host} ${path} ${status}`);
    }
    for (const host of foreign) {
      const headers = { host, "x-forwarded-host": "audit.example.com", forwarded: "host=audit.example.com" };
      const { status, body } = await raw(web.address, { path, headers });
      assert.ok([421, 400].includes(status), `${host} ${path} ${status}`);
      const said = body.replace(`"${host}"`, "");
      assert.ok(!said.includes("audit.example.com") && !said.includes("acme"), said);
    }
  }
  for (const host of [...own, ...foreign.filter((name) => name !== "a b")]) {
    assert.equal((await raw(web.address, { path: "/healthz", headers: { host } })).status, 200, host);
  }
  const page = await raw(web.address, { path: "/setup/acme", headers: { host: "backend", accept: "text/html,*/*" } });
  assert.match(page.body, /<html[\s\S]*proxy_set_header Host \$host;/);
  const text = await raw(web.address, { path: "/setup/acme", headers: { host: "backend", accept: "*/*" } });
  assert.match(text.body, /^Cannot serve "backend".*proxy_set_header Host \$host;\n$/);
});

test("a proxy in front of a port other than the default has to pass the port on", async () => {
  const setups = [fakeSetup({ redirectUrl: "https://audit.example.com:8443/oauth/callback" })];
  await using web = await startWeb({ setups });
  const { body } = await raw(web.address, { path: "/setup/acme", headers: { host: "audit.example.com" } });
  assert.match(body, /proxy_set_header Host \$http_host;/);
});

test("paths that a proxy and the server may read differently are rejected", async () => {
  await using web = await startWeb({ setups: [fakeSetup()] });
  const paths = [
    "/setup/a/../../metrics",
    "/./metrics",
    "/metrics/.",
    "//metrics",
    "/%2e%2e/metrics",
    "/x/%2E%2e/metrics",
    "/.%2e/metrics",
    "/%2fmetrics",
    "/..%5cmetrics",
    "/\\metrics",
    "/metrics/",
    "/METRICS",
    "/metrics%00",
    "/m%65trics/x",
    "http://127.0.0.1/metrics",
    "*",
  ];
  for (const path of paths) {
    const { status, body } = await raw(web.address, { path });
    assert.ok([400, 404].includes(status), `${path} ${status}`);
    assert.ok(!body.includes("slack_audit"), path);
  }
  assert.deepEqual(web.events, []);
});

test("404 is a page for browsers, and a line of text for programs", async () => {
  await using web = await startWeb();
  const browser = await fetch(`${web.address}/nothing`, { headers: { accept: "text/html,application/xhtml+xml" } });
  assert.equal(browser.status, 404);
  assert.match(await browser.text(), /<html[\s\S]*There is nothing at this address[\s\S]*setup-link/);
  assert.equal(await (await fetch(`${web.address}/nothing`)).text(), "Not found\n");
});

test("32 KiB of headers are accepted", async () => {
  await using web = await startWeb({ setups: [fakeSetup()] });
  const headers = { cookie: `sso=${"x".repeat(9 * 1_024)}; more=${"y".repeat(20 * 1_024)}` };
  assert.equal((await raw(web.address, { path: "/status.json", headers })).status, 200);
  const { status, body } = await raw(web.address, { headers: { "x-long": "x".repeat(40_000) } });
  assert.deepEqual([status, body], [431, "Request Header Fields Too Large\n"]);
});
