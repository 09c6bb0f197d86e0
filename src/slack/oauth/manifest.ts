/** The longest name that Slack takes (docs.slack.dev/reference/app-manifest). */
const LONGEST_NAME = 35;

/**
 * The Slack app as YAML, to be pasted or linked (docs.slack.dev/reference/app-manifest): one user scope that reads audit
 * logs, one bot scope without which Slack offers no organisation-wide installation, and no token rotation.
 */
export function manifest({ redirectUrls, name = "Audit log receiver" }: ManifestOptions): string {
  const quoted = JSON.stringify(name.slice(0, LONGEST_NAME));
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

/** What differs from app to app. */
export interface ManifestOptions {
  readonly redirectUrls: readonly string[];
  /** Cut after 35 characters. */
  readonly name?: string;
}

/** Opens Slack's page for new apps, filled in (docs.slack.dev/app-manifests/configuring-apps-with-app-manifests). */
export function createFromManifestLink(slackUrl: string, yaml: string): string {
  const { hostname } = new URL(slackUrl);
  const gov = hostname === "slack-gov.com" || hostname.endsWith(".slack-gov.com");
  const host = gov ? "api.slack-gov.com" : "api.slack.com";
  return `https://${host}/apps?new_app=1&manifest_yaml=${encodeURIComponent(yaml)}`;
}
