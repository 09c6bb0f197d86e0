import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOf, load, SOURCE } from "./load-text.ts";

for (const value of [
  "127.0.0.1:3128",
  "http://proxy.example",
  "HTTPS://me:p%25ss@proxy.example:8443/",
  " proxy:1 ",
  "",
  "[::1]:3128",
]) {
  for (const name of ["HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "http_proxy"]) {
    test(`${name}=${value} is a proxy`, async () => void (await load(SOURCE, { env: { [name]: value } })));
  }
}

for (const [value, words] of [
  ["socks5://proxy.example:1080", /scheme socks5 is not supported/],
  ["socks://p", /scheme socks is not supported/],
  ["ftp://p", /scheme ftp is not supported/],
  ["http://me:50%@proxy.example", /% that begins no percent-encoded character/],
  ["http://m%e:x@proxy.example", /% that begins no percent-encoded character/],
  ["me:100%zz@proxy.example:3128", /% that begins no percent-encoded character/],
  ["http://", /not a proxy address/],
  ["http://:3128", /not a proxy address/],
  ["http://proxy:99999", /not a proxy address/],
  ["'http://proxy:3128'", /quotation mark/],
  ["http://proxy:3128 http://other", /a space/],
  ["http://proxy\n:3128", /control character|a space/],
  ["http://proxy:3128/path?query", /more than a host and a port/],
  ["%", /not a proxy address/],
] as const) {
  test(`a proxy ${JSON.stringify(value)} is a fault that names its variable and not its value`, async () => {
    for (const name of ["HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "http_proxy"]) {
      const [fault = "", ...others] = await faultsOf(SOURCE, { env: { [name]: value } });
      assert.ok(fault.startsWith(`Cannot use ${name}: `), fault);
      assert.match(fault, words);
      assert.ok(!fault.includes("zz") && !fault.includes("50%"), fault);
      assert.deepEqual(others, []);
    }
  });
}

test("NODE_TLS_REJECT_UNAUTHORIZED=0 is a fault", async () => {
  const [fault = ""] = await faultsOf(SOURCE, { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
  assert.match(fault, /^Cannot use NODE_TLS_REJECT_UNAUTHORIZED: it would send the token to anybody; unset it/);
  assert.deepEqual(await faultsOf(SOURCE, { env: { NODE_TLS_REJECT_UNAUTHORIZED: "1" } }), []);
});
