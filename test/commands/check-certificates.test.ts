import assert from "node:assert/strict";
import { checkCertificates } from "../../src/commands/check-certificates.ts";
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

testWithOpenssl("checkCertificates() says until when certificates are valid, and names invalid ones", async (t) => {
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
});
