import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { createFromManifestLink, manifest } from "../../../src/slack/oauth/manifest.ts";

test("manifest() requests an organisation-wide installation, two scopes and no token rotation", () => {
  const redirectUrls = ["https://a.example.com/oauth/callback", 'https://b.example.com/"x'];
  const app = parse(manifest({ redirectUrls }));
  assert.deepEqual(app.oauth_config, {
    redirect_urls: redirectUrls,
    scopes: { user: ["auditlogs:read"], bot: ["team:read"] },
  });
  assert.deepEqual(app.settings, {
    org_deploy_enabled: true,
    socket_mode_enabled: false,
    token_rotation_enabled: false,
  });
  assert.ok(app.features.bot_user.display_name);
});

test("manifest() cuts a name to Slack's limit", () => {
  assert.equal(parse(manifest({ redirectUrls: [], name: "n: ".repeat(20) })).display_information.name.length, 35);
});

test("createFromManifestLink() returns a URL of the same Slack, with the manifest", () => {
  const yaml = manifest({ redirectUrls: ["https://a.example.com/cb?x=1&y=2"] });
  const link = new URL(createFromManifestLink("https://slack.com", yaml));
  assert.equal(link.origin + link.pathname, "https://api.slack.com/apps");
  assert.equal(link.searchParams.get("new_app"), "1");
  assert.equal(link.searchParams.get("manifest_yaml"), yaml);
  assert.equal(new URL(createFromManifestLink("https://slack-gov.com", yaml)).host, "api.slack-gov.com");
  assert.equal(new URL(createFromManifestLink("http://127.0.0.1:1234", yaml)).host, "api.slack.com");
});
