import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { checkCertificates } from "../../src/commands/checks/certificates.ts";
import type { Config } from "../../src/config/config.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import type { Tls } from "../../src/runtime/http.ts";
import { makeAuthority, testWithOpenssl } from "../runtime/certificates.ts";
import { makeTemporaryFolder } from "../runtime/temporary-folder.ts";

const DAY_MS = 86_400_000;

function findings(tls: { http?: Tls; export?: Tls }, afterDays = 0) {
  const config = { http: { tls: tls.http ?? {} }, export: { tls: tls.export ?? {} } } as Config;
  const clock = { ...systemClock, now: () => Date.now() + afterDays * DAY_MS };
  return checkCertificates(config, { clock });
}

testWithOpenssl(
  "checkCertificates() says until when certificates are valid, and names those that are not",
  async (t) => {
    const { ca, server, client } = await makeAuthority(await makeTemporaryFolder(t));
    const tls = { http: server, export: { ca, ...client } };
    assert.deepEqual(findings({}), []);
    assert.deepEqual(
      findings(tls).map(({ what, ...rest }) => [what, "good" in rest]),
      [
        ["http.tls", true],
        ["export.tls", true],
        ["export.tls", true],
      ],
    );
    for (const finding of findings(tls, 400)) assert.match("why" in finding ? finding.why : "", /expired on 20\d\d-/);
    for (const finding of findings(tls, -400))
      assert.match("why" in finding ? finding.why : "", /not valid before 20\d\d-/);
  },
);

testWithOpenssl("checkCertificates() finds keys and certificates that cannot be used together", async (t) => {
  const folder = await makeTemporaryFolder(t);
  const { server, client } = await makeAuthority(folder);
  const line = "ec -in client.key -aes256 -passout pass:secret -out locked.key".split(" ");
  assert.equal(spawnSync("openssl", line, { cwd: folder }).status, 0);
  const locked = await readFile(path.join(folder, "locked.key"), "utf8");
  const wrong: readonly (readonly [Tls, RegExp])[] = [
    [{ cert: client.cert, key: server.key }, /does not belong/],
    [{ cert: client.key, key: client.cert }, /no certificate that can be read/],
    [{ cert: client.cert, key: client.cert }, /no private key/],
    [{ cert: client.cert, key: locked }, /without a passphrase/],
    [{ cert: client.cert.slice(0, 100), key: client.key }, /no certificate that can be read/],
    [{ ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" }, /ca_file/],
  ];
  for (const [tls, why] of wrong) {
    const [finding, ...others] = findings({ export: tls });
    assert.ok(finding && "why" in finding && finding.remedy && others.length === 0);
    assert.match(finding.why, why);
  }
});
