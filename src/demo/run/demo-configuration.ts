import type { DemoSlack } from "../slack/slack.ts";

/** The demonstration's configuration file, as YAML for the receiver's own loader. */
export function demoConfiguration(
  slack: DemoSlack,
  { port, endpoint, directory }: { port: number; endpoint: string; directory: string },
): string {
  return `sources:
  ${slack.organisation.domain}:
    client_id: ${JSON.stringify(slack.clientId)}
    client_secret: ${JSON.stringify(slack.clientSecret)}
    redirect_url: http://127.0.0.1:${port}/oauth/callback
    slack_url: ${slack.url}
    audit_url: ${slack.auditUrl}
    poll_interval: 2s
    start_at: 10m
export:
  endpoint: ${JSON.stringify(endpoint)}
state:
  directory: ${JSON.stringify(directory)}
http:
  listen: 127.0.0.1:${port}
log:
  level: warn
  format: text
shutdown_grace: 1500ms
`;
}
