import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { makeEntries, nowSeconds, startAt } from "../process/entries.ts";
import { startSetting } from "../process/setting.ts";
import { makeAuthority } from "../runtime/certificates.ts";
import { startCollector, testWithCollector } from "./collector.ts";

const noOpenssl = spawnSync("openssl", ["version"]).status !== 0 && "openssl is missing";

testWithCollector(
  "a Collector that requires a client certificate accepts records only from a daemon with one",
  async () => {
    await using setting = await startSetting();
    const { slack, sink, folder } = setting;
    await makeAuthority(folder);
    const file = (name: string) => path.join(folder, name);
    const tls = { cert_file: file("server.pem"), key_file: file("server.key"), client_ca_file: file("ca.pem") };
    const overlay = { receivers: { otlp: { protocols: { http: { tls } } } } };
    await using collector = await startCollector({ backend: sink.url, overlay, scheme: "https" });
    const from = nowSeconds() - 60;
    slack.addMany(makeEntries(20, { from, stretch: 20 }));
    const configure = (client: object) => ({
      source: { start_at: startAt(from) },
      export: { endpoint: collector.url, tls: { ca_file: file("ca.pem"), ...client } },
    });

    const refused = await setting.daemon(configure({}));
    const { why } = await refused.until("retrying");
    assert.match(String(why), /^The collector did not answer: /);
    await refused.stop();
    assert.equal(sink.records.length, 0);

    await setting.daemon(configure({ cert_file: file("client.pem"), key_file: file("client.key") }));
    await setting.delivered(20);
  },
  noOpenssl,
);
