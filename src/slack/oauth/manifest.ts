/** docs.slack.dev/reference/app-manifest */
const MAX_NAME_LENGTH = 35;

/**
 * Returns the manifest of the Slack app as YAML (docs.slack.dev/reference/app-manifest): one user scope to read audit logs, one bot
 * scope that Slack requires for an organisation-wide installation, and no token rotation.
 */
export function manifest({ redirectUrls, name = "Audit log receiver" }: ManifestOptions): string {
  const quoted = JSON.stringify(name.slice(0, MAX_NAME_LENGTH));
  return `display_information:
  name: ${quoted}
  description: Delivers the organisation's audit logs to an OpenTelemetry collector
features:
  bot_user:
    display_name: audit-log-receiver
    always_online: false
oauth_config:
${redirectUrls.length > 0 ? "  redirect_urls:\n" : ""}${redirectUrls.map((url) => `    - ${JSON.stringify(url)}\n`).join("")}  scopes:
    user:
      - auditlogs:read
    bot:
      # Reads nothing here: it unlocks the installation on an organisation
      - team:read
settings:
  org_deploy_enabled: true
  socket_mode_enabled: false
  # Cannot be undone once it is on
  token_rotation_enabled: false
`;
}

/** The parts of a manifest that differ between apps. */
export interface ManifestOptions {
  readonly redirectUrls: readonly string[];
  /** Cut to 35 characters, which is Slack's limit. */
  readonly name?: string;
}

/** Returns the URL of Slack's page that creates an app from this manifest (docs.slack.dev/app-manifests/configuring-apps-with-app-manifests). */
export function createFromManifestLink(slackUrl: string, yaml: string): string {
  const { hostname } = new URL(slackUrl);
  const gov = hostname === "slack-gov.com" || hostname.endsWith(".slack-gov.com");
  const host = gov ? "api.slack-gov.com" : "api.slack.com";
  return `https://${host}/apps?new_app=1&manifest_yaml=${encodeURIComponent(yaml)}`;
}
