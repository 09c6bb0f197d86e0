import assert from "node:assert/strict";
import { test } from "node:test";
import { createBypass } from "../../src/runtime/no-proxy.ts";
import { fc } from "../support/properties.ts";

/** A list, and URLs that it does and does not cover. */
const CASES: readonly (readonly [list: string, covered: readonly string[], others: readonly string[]])[] = [
  ["", [], ["http://a.example", "https://10.0.0.1"]],
  ["*", ["http://a.example", "https://10.0.0.1:4318", "http://[fd00::1]"], []],
  [
    "example.com",
    ["http://example.com", "https://a.b.EXAMPLE.com.", "http://example.com:81"],
    ["http://notexample.com"],
  ],
  [".example.com", ["http://example.com", "https://a.example.com"], ["http://example.org"]],
  ["*.example.com", ["https://a.example.com"], ["http://example.com"]],
  ["Example.COM.", ["http://example.com"], ["http://com"]],
  ["10.0.0.0/8", ["http://10.1.2.3:4318", "https://10.255.255.255"], ["http://11.0.0.1", "http://a.10.example"]],
  ["10.1.2.3", ["http://10.1.2.3"], ["http://10.1.2.4", "http://110.1.2.3"]],
  ["192.168.1.7/31", ["http://192.168.1.6", "http://192.168.1.7"], ["http://192.168.1.8"]],
  ["0.0.0.0/0", ["http://1.2.3.4"], ["http://[2001:db8::1]", "http://a.example"]],
  ["fd00::/8", ["http://[fd12:3456::1]:4318"], ["http://[fe80::1]", "http://10.0.0.1"]],
  ["2001:db8::1", ["http://[2001:db8:0:0::1]"], ["http://[2001:db8::2]"]],
  ["[2001:db8::1]:4318", ["http://[2001:db8::1]:4318"], ["http://[2001:db8::1]"]],
  ["a.example:443", ["https://a.example", "http://a.example:443"], ["http://a.example", "https://a.example:8443"]],
  ["10.0.0.0/8:4318", ["http://10.0.0.1:4318"], ["http://10.0.0.1:80"]],
  [
    "a.example b.example,\tc.example\n,,",
    ["http://a.example", "http://b.example", "http://c.example"],
    ["http://d.example"],
  ],
  ["10.0.0.0/33, 10.0.0.0/x, 1.2.3/8, [, ]:1, ., *.", [], ["http://10.0.0.1", "http://a.example"]],
];

for (const [list, covered, others] of CASES) {
  test(`createBypass() matches ${JSON.stringify(list)}`, () => {
    const bypasses = createBypass(list);
    for (const url of covered) assert.ok(bypasses(new URL(url)), url);
    for (const url of others) assert.ok(!bypasses(new URL(url)), url);
  });
}

test("createBypass() covers all of loopback with any list", () => {
  const octet = fc.nat(255);
  fc.assert(
    fc.property(octet, octet, octet, fc.string({ maxLength: 20 }), (b, c, d, list) => {
      assert.ok(createBypass(list)(new URL(`http://127.${b}.${c}.${d}:4318`)));
    }),
  );
  const urls = ["http://localhost", "https://LOCALHOST.:1", "http://a.localhost", "http://[::1]:4318", "http://127.1"];
  for (const url of [...urls, "http://[::ffff:127.0.0.2]"]) assert.ok(createBypass("")(new URL(url)), url);
  for (const url of ["http://128.0.0.1", "http://[::2]", "http://localhost.example"]) {
    assert.ok(!createBypass("")(new URL(url)), url);
  }
});

test("createBypass() covers exactly the addresses of an IPv4 range", () => {
  const address = fc.nat(2 ** 32 - 1);
  const text = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
  fc.assert(
    fc.property(address, address, fc.integer({ min: 0, max: 32 }), (of, other, bits) => {
      const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
      const covered = (of & mask) >>> 0 === (other & mask) >>> 0 || other >>> 24 === 127;
      assert.equal(createBypass(`${text(of)}/${bits}`)(new URL(`http://${text(other)}`)), covered);
    }),
  );
});
