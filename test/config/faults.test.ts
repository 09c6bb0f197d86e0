import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOf, SOURCE } from "./load-text.ts";

const RESERVED_HEADERS = [
  "Content-Type",
  "content-encoding",
  "CONTENT-LENGTH",
  "Transfer-Encoding",
  "Expect",
  "Host",
  "Connection",
  "Keep-Alive",
  "Proxy-Connection",
  "Upgrade",
  "TE",
  "Trailer",
  "Accept-Encoding",
  "User-Agent",
];

const OAUTH = "client_id: id, client_secret: s, redirect_url:";

/** The keys of a source, and their fault without `Cannot use sources.acme`. */
const SOURCE_FAULTS: readonly (readonly [text: string, fault: string])[] = [
  ["", ": there is neither a token nor client_id, client_secret and redirect_url; give one or the other"],
  [
    "client_id: id",
    ": client_secret and redirect_url are missing; give client_id, client_secret and redirect_url, or a token",
  ],
  [
    'client_id: id, client_secret: "", redirect_url: "https://a.example/cb"',
    ": client_secret is missing; give client_id, client_secret and redirect_url, or a token",
  ],
  [
    "token: xoxb-1",
    ".token: a bot token (xoxb-) cannot read audit logs; paste a user token of the organisation, which begins with xoxp- or xoxe.xoxp-",
  ],
  [
    "token: abc",
    ".token: it is not a user token of Slack; paste a user token of the organisation, which begins with xoxp- or xoxe.xoxp-",
  ],
  [`${OAUTH} "http://a.example/cb"`, ".redirect_url: must begin with https:// unless it is loopback"],
  [`${OAUTH} "https://a.example/cb#x"`, ".redirect_url: must not hold a fragment; leave out # and what follows"],
  [`${OAUTH} "a.example/cb"`, ".redirect_url: must be a URL that begins with http:// or https://"],
  ...["", "/", "/healthz", "/readyz", "/metrics", "/status.json", "/setup", "/setup/acme"].map(
    (path) =>
      [
        `${OAUTH} "https://a.example${path}"`,
        ".redirect_url: must not have the path of one of the receiver's own pages; give it one such as /oauth/callback",
      ] as const,
  ),
  ['token: xoxp-1, slack_url: "http://slack.com"', ".slack_url: must begin with https:// unless it is loopback"],
  ["token: xoxp-1, audit_url: ''", ".audit_url: must be a URL that begins with http:// or https://"],
  [
    'token: xoxp-1, audit_url: "https://me:pass@a.example"',
    ".audit_url: must not hold a user name or password; put the credentials into headers",
  ],
  ["token: xoxp-1, poll_interval: 2d", ".poll_interval: must be a duration from 1s to 1d, such as 1m"],
  ["token: xoxp-1, poll_interval: 60", ".poll_interval: must be a duration from 1s to 1d, such as 1m"],
  ["token: xoxp-1, lookback: -1s", ".lookback: must be a duration of whole seconds, such as 15m"],
  ["token: xoxp-1, lookback: 1500ms", ".lookback: must be a duration of whole seconds, such as 15m"],
  [
    "token: xoxp-1, lookback: 1h",
    ".max_window: must be longer than lookback, or the position would never move; raise it or lower lookback",
  ],
  ["token: xoxp-1, page_size: 10000", ".page_size: must be a number from 1 to 9999, such as 9999"],
  ["token: xoxp-1, page_size: 5.5", ".page_size: must be a number from 1 to 9999, such as 9999"],
  ["token: xoxp-1, requests_per_minute: 100001", ".requests_per_minute: must be a number from 1 to 100000, such as 40"],
  [
    "token: xoxp-1, start_at: tomorrow",
    ".start_at: must be now, a time such as 2026-01-31T00:00:00Z, or a duration back such as 7d",
  ],
  [
    "token: xoxp-1, start_at: 2027-01-01T00:00:00Z",
    ".start_at: the time is in the future; write an earlier one, or now",
  ],
  [
    "token: xoxp-1, include_actions: user_login",
    ".include_actions: must be a list of texts, such as [user_login, user_logout]",
  ],
  [
    'token: xoxp-1, include_actions: ["user_*", "user[", "a b"]',
    '.include_actions: "user[", "a b" cannot name an action; write letters, digits, _, . and -, with * for any characters, or category: and that',
  ],
  ["token: [xoxp-1]", ".token: must be one value, not a list or a mapping"],
  ["token: xoxp-1, pollInterval: 1m", ".pollInterval: there is no such key; did you mean poll_interval?"],
];

for (const [text, fault] of SOURCE_FAULTS) {
  test(`a source with ${text || "nothing"} has a fault`, async () => {
    assert.deepEqual(await faultsOf(`sources: { acme: { ${text} } }`), [`Cannot use sources.acme${fault}`]);
  });
}

/** More sections of the file, and their fault without `Cannot use`. */
const FILE_FAULTS: readonly (readonly [text: string, fault: string])[] = [
  [
    "export: 5",
    "export: must be a section; write its keys below it: endpoint, logs_endpoint, protocol, headers, compression, timeout, tls, max_batch_records, max_batch_bytes, concurrency",
  ],
  ["exprot: {}", "exprot: there is no such key; did you mean export?"],
  ["log: { colour: red }", "log.colour: there is no such key; the keys here are level, format"],
  ["export: { endpoint: localhost }", "export.endpoint: must be a URL that begins with http:// or https://"],
  ["export: { protocol: grpc }", 'export.protocol: must be one of the possible values: ["http/protobuf","http/json"]'],
  ["export: { headers: [a] }", "export.headers: must be a mapping of names to texts, such as { name: value }"],
  ['export: { headers: { "a b": x } }', 'export.headers: "a b" is not a header name; correct it'],
  ...RESERVED_HEADERS.map(
    (name) =>
      [
        `export: { headers: { x-own: 1, ${name}: x } }`,
        `export.headers: "${name}" is set by the receiver itself; remove it`,
      ] as const,
  ),
  ['export: { headers: { a: "x\\r\\ny" } }', 'export.headers: the value of "a" holds a line break; remove it'],
  ["export: { timeout: 99ms }", "export.timeout: must be a duration from 100ms to 10m, such as 10s"],
  ["export: { max_batch_records: 0 }", "export.max_batch_records: must be a number from 1 to 10000, such as 500"],
  ["export: { max_batch_bytes: 65MiB }", "export.max_batch_bytes: must be a size from 16KiB to 64MiB, such as 1MiB"],
  ["export: { concurrency: 65 }", "export.concurrency: must be a number from 1 to 64, such as 4"],
  [
    "export: { tls: { cert_file: /a } }",
    "export.tls.cert_file: the key that belongs to it is missing; give key_file as well",
  ],
  ["http: { tls: { key_file: /a } }", "http.tls.key_file: its certificate is missing; give cert_file as well"],
  [
    "export: { tls: { ca_file: /none } }",
    "export.tls.ca_file: cannot read the file that it names: there is no such file; correct the path or its permissions",
  ],
  [
    "export: { tls: { ca_file: receiver.yaml } }",
    "export.tls.ca_file: the file holds no PEM text; name one that has a line with -----BEGIN",
  ],
  [
    "mapping: { severity: { a: WARN, b: WARNING } }",
    'mapping.severity: the severity of "b" must be TRACE, DEBUG, INFO, WARN, ERROR or FATAL, or one of these with 2, 3 or 4 behind it',
  ],
  [
    'mapping: { resource_attributes: { "": x } }',
    "mapping.resource_attributes: an attribute has an empty name; give it one",
  ],
  ['state: { directory: "" }', "state.directory: must not be empty"],
  [
    "state: { encryption_key: c2hvcnQ= }",
    "state.encryption_key: must be 32 bytes as base64, or several such keys as id:base64; make one with openssl rand -base64 32, or leave it empty",
  ],
  ["http: { listen: 8080 }", "http.listen: must be host:port, such as 127.0.0.1:8080, [::1]:8080 or :8080"],
  ["shutdown_grace: 11m", "shutdown_grace: must be a duration from 0s to 10m, such as 8s"],
  ["log: { level: loud }", 'log.level: must be one of the possible values: ["debug","info","warn","error"]'],
];

for (const [text, fault] of FILE_FAULTS) {
  test(`a file with ${text} has a fault`, async () => {
    assert.deepEqual(await faultsOf(SOURCE + text), [`Cannot use ${fault}`]);
  });
}

/** Whole files, and their first fault. */
const DOCUMENT_FAULTS: readonly (readonly [text: string, fault: string])[] = [
  ["", "Cannot use sources: there is no source; add one as config/minimal.yaml shows"],
  ["sources: {}", "Cannot use sources: there is no source; add one as config/minimal.yaml shows"],
  ["sources: [acme]", "Cannot use sources: must be a mapping of names to sections, one per organisation"],
  ["sources: { acme: xoxp-1 }", "Cannot use sources.acme: must be a section; write its keys below it"],
  [
    "sources: { -a: { token: xoxp-1 } }",
    "Cannot use sources.-a: a source's name must be 1 to 63 letters, digits, _ and -, beginning with a letter or digit",
  ],
  ["- a", 'Cannot read "receiver.yaml": its top level must be a mapping; begin with sources:'],
  [
    "log:\n  level: info\n  level: warn",
    'Cannot read "receiver.yaml", line 3: the key was given before; keep one of the two',
  ],
  ["log:\n\tlevel: info", 'Cannot read "receiver.yaml", line 2: a tab cannot indent; use spaces'],
  ["log: *x", 'Cannot read "receiver.yaml": an alias has no anchor; put text that begins with * in quotes'],
  ["a: 1\n---\nb: 2", 'Cannot read "receiver.yaml", line 2: a second document begins; keep one'],
  [
    "log: }",
    'Cannot read "receiver.yaml", line 1: the YAML is malformed (unexpected token); correct the syntax there or just above',
  ],
];

for (const [text, fault] of DOCUMENT_FAULTS) {
  test(`the file ${JSON.stringify(text)} has a fault`, async () => {
    assert.equal((await faultsOf(text))[0], fault);
  });
}
