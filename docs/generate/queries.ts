/** The section of example queries, in the query languages of four systems. */
export const QUERIES = `## Queries

The queries use the attributes of \`mapping.preset: otel\`. A system that rewrites names has its own spelling: Loki replaces \`.\` by \`_\`.

### In the Collector (OTTL)

Raise the severity of detections, and drop entries that you do not need:

\`\`\`yaml
processors:
  transform/slack:
    error_mode: ignore
    log_statements:
      - context: log
        conditions:
          - resource.attributes["service.name"] == "slack"
        statements:
          - set(severity_number, SEVERITY_NUMBER_ERROR) where attributes["slack.audit.action"] == "anomaly"
          - set(attributes["alert"], true) where IsMatch(attributes["slack.audit.action"], "^native_dlp_rule_action_applied$|malicious")
          - delete_key(attributes, "user.email") where attributes["slack.audit.category"] == "huddle"
  filter/slack:
    error_mode: ignore
    logs:
      log_record:
        - attributes["slack.audit.action"] == "file_downloaded" and attributes["slack.audit.actor.account_type"] == "bot"
\`\`\`

### Loki (LogQL)

\`\`\`logql
# Failed sign-ins per address in five minutes
sum by (client_address) (count_over_time({service_name="slack"} | slack_audit_action="user_login_failed" [5m])) > 10

# Anomalies, with their reasons
{service_name="slack"} | slack_audit_action="anomaly" | json reasons="details.reason" | line_format "{{.user_email}} {{.reasons}}"

# The actions of one person
{service_name="slack"} | user_id="U0ADA00001" | line_format "{{.slack_audit_action}} {{.slack_audit_entity_name}}"
\`\`\`

### Elasticsearch (ES|QL)

\`\`\`esql
// People who downloaded more than 100 files in an hour
FROM logs-*
| WHERE resource.attributes.service.name == "slack" AND attributes.slack.audit.action == "file_downloaded"
| STATS files = COUNT_DISTINCT(attributes.slack.audit.entity.id) BY attributes.user.email, hour = BUCKET(@timestamp, 1 hour)
| WHERE files > 100
| SORT files DESC
\`\`\`

With \`mapping.preset: ecs\` and an index with ECS fields:

\`\`\`esql
FROM logs-*
| WHERE event.module == "slack" AND event.outcome == "failure"
| STATS failures = COUNT(*) BY event.action, source.ip
\`\`\`

### Splunk (SPL)

\`\`\`spl
index=slack slack.audit.category IN (role, user) slack.audit.action IN (role_assigned, role_change_to_admin, role_change_to_owner)
| stats values(slack.audit.entity.email) AS raised BY user.email, slack.audit.action

index=slack slack.audit.action=app_scopes_expanded
| table _time user.email slack.audit.entity.name slack.audit.details.new_scopes{}
\`\`\`
`;
