import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOf, load } from "./load-text.ts";
import { CERTIFICATE, ENCRYPTED_KEY, OTHER_KEY, PRIVATE_KEY } from "./tls-files.ts";

const KEY = Buffer.alloc(32, 1).toString("base64");

/** Every pasted value: its key, an example, and a file that holds it. */
const PLACES: readonly (readonly [key: string, value: string, text: (reference: string) => string])[] = [
  [
    "sources.acme.client_id",
    "123.456",
    (of) => source(`client_id: ${of}, client_secret: s, redirect_url: "https://h/cb"`),
  ],
  [
    "sources.acme.client_secret",
    "0ab1",
    (of) => source(`client_id: i, client_secret: ${of}, redirect_url: "https://h/cb"`),
  ],
  ["sources.acme.redirect_url", "https://h/cb", (of) => source(`client_id: i, client_secret: s, redirect_url: ${of}`)],
  ["sources.acme.token", "xoxp-1-2", (of) => source(`token: ${of}`)],
  ["sources.acme.slack_url", "https://slack.com", (of) => source(`token: xoxp-1, slack_url: ${of}`)],
  ["sources.acme.audit_url", "https://api.slack.com/audit/v1", (of) => source(`token: xoxp-1, audit_url: ${of}`)],
  ["export.endpoint", "http://c:4318", (of) => `${source("token: xoxp-1")}\nexport: { endpoint: ${of} }`],
  ["export.headers", "Bearer abc", (of) => `${source("token: xoxp-1")}\nexport: { headers: { authorization: ${of} } }`],
  ["state.encryption_key", KEY, (of) => `${source("token: xoxp-1")}\nstate: { encryption_key: ${of} }`],
];

const FROM_FILE = `"\${file:/value}"`;
const FROM_VARIABLE = `"\${env:VALUE}"`;

function source(keys: string): string {
  return `sources: { acme: { ${keys} } }`;
}

const WHITE_SPACE: readonly ((value: string) => string)[] = [
  (value) => `${value}\n`,
  (value) => `${value}\r\n\n`,
  (value) => ` \t${value} `,
  (value) => `\u00a0${value}\u2003`,
];

const DIRT: readonly (readonly [name: string, dirty: (value: string) => string, words: RegExp])[] = [
  ["double quotes", (value) => `"${value}"`, /quotation mark/],
  ["single quotes", (value) => `'${value}'\n`, /quotation mark/],
  ["a byte order mark", (value) => `\uFEFF${value}`, /byte order mark/],
  ["a byte order mark behind", (value) => `${value}\uFEFF\n`, /byte order mark/],
  ["a line break inside", (value) => `${value.slice(0, 2)}\n${value.slice(2)}`, /line break|32 bytes/],
  ["a NUL", (value) => `${value.slice(0, 2)}\0${value.slice(2)}`, /control character/],
  ["an escape", (value) => `${value}\x1b[0m`, /control character/],
  ["a zero-width space", (value) => `${value.slice(0, 3)}\u200b${value.slice(3)}`, /control character/],
  ["bytes that are not UTF-8", (value) => `\uFFFD\uFFFD${value}`, /control character/],
];

for (const [key, value, text] of PLACES) {
  test(`${key} is trimmed when it comes from a file or a variable`, async () => {
    for (const dirty of WHITE_SPACE) {
      await load(text(FROM_FILE), { files: { "/value": dirty(value) } });
      await load(text(FROM_VARIABLE), { env: { VALUE: dirty(value) } });
    }
  });
  for (const [name, dirty, words] of DIRT) {
    test(`${key} with ${name} is rejected by name, without its value`, async () => {
      for (const [reference, world] of [
        [FROM_FILE, { files: { "/value": dirty(value) } }],
        [FROM_VARIABLE, { env: { VALUE: dirty(value) } }],
      ] as const) {
        const [fault = "", ...others] = await faultsOf(text(reference), world);
        assert.ok(fault.startsWith(`Cannot use ${key}: `), fault);
        assert.match(fault, words);
        assert.deepEqual(others, []);
      }
    });
  }
}

test("a token together with OAuth keys is a fault", async () => {
  const oauth = ["client_id: i", "client_secret: s", 'redirect_url: "https://h/cb"'];
  for (const some of [oauth, oauth.slice(0, 1), oauth.slice(2)]) {
    const [fault = ""] = await faultsOf(source(["token: xoxp-1", ...some].join(", ")));
    assert.match(fault, /^Cannot use sources\.acme: there are both a token and .*; keep the token, or the three keys/);
  }
});

for (const at of ["export.tls", "http.tls"]) {
  const [section, name] = at.split(".");
  const faultOf = async (cert: string, key: string) => {
    const text = `${source("token: xoxp-1")}\n${section}: { ${name}: { cert_file: /cert, key_file: /key } }`;
    return (await faultsOf(text, { files: { "/cert": cert, "/key": key } })).join("\n");
  };
  test(`${at} is checked before the first connection`, async () => {
    assert.equal(await faultOf(CERTIFICATE, PRIVATE_KEY), "");
    assert.equal(await faultOf(`text\n${CERTIFICATE}${CERTIFICATE}`, PRIVATE_KEY), "");
    assert.match(
      await faultOf(CERTIFICATE, OTHER_KEY),
      new RegExp(`^Cannot use ${at}.key_file: the key does not belong`),
    );
    assert.match(
      await faultOf(CERTIFICATE, ENCRYPTED_KEY),
      new RegExp(`^Cannot use ${at}.key_file: the key is encrypted`),
    );
    assert.match(await faultOf(PRIVATE_KEY, CERTIFICATE), /cert_file: .*swapped\?\n.*key_file: .*swapped\?/);
    assert.match(await faultOf(CERTIFICATE, CERTIFICATE), /key_file: the file holds no private key/);
    assert.match(await faultOf(CERTIFICATE.slice(0, 200), PRIVATE_KEY), /cert_file: .*damaged/);
    assert.match(await faultOf(CERTIFICATE, PRIVATE_KEY.slice(0, 90)), /key_file: .*damaged/);
  });
}

test("encryption_key holds one key, or several with ids", async () => {
  const faultOf = async (text: string) =>
    (await faultsOf(`${source("token: xoxp-1")}\nstate: { encryption_key: "${text}" }`))[0] ?? "";
  for (const text of [KEY, `a:${KEY}`, `a:${KEY},b:${KEY}`, `2026-01:${KEY} ${KEY}`, ` a:${KEY} , b:${KEY} `]) {
    assert.equal(await faultOf(text), "", text);
  }
  for (const text of [`a:${KEY},a:${KEY}`, `${KEY},${KEY}`]) assert.match(await faultOf(text), /same id, or none/);
  for (const text of ["a:", `:${KEY}`, `a b:${KEY}`, `a:${KEY}x`, ","])
    assert.match(await faultOf(text), /32 bytes as base64/);
  const { secrets } = await load(`${source("token: xoxp-1")}\nstate: { encryption_key: "a:${KEY}" }`);
  assert.ok(secrets.includes(KEY));
});
