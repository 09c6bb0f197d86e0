import type { Schema } from "./option.ts";

/** The keys of one section of `sources`. */
export const sourceSchema = {
  client_id: { doc: "Client ID of the Slack app", default: "", format: "credential" },
  client_secret: { doc: "Client secret of the Slack app", default: "", format: "credential", sensitive: true },
  redirect_url: {
    doc: "Redirect URL of the Slack app, which leads to this receiver; https, unless its host is loopback",
    default: "",
    format: "redirect_url",
  },
  token: {
    doc: "A pasted user token with the scope `auditlogs:read`, instead of the three keys above",
    default: "",
    format: "token",
    sensitive: true,
  },
  enterprise_id: {
    doc: "Refuses a grant of any other organisation (`E…`); empty: a person confirms the first that grants",
    default: "",
    format: "credential",
  },
  slack_url: {
    doc: "Where Slack signs people in; GovSlack: `https://slack-gov.com`",
    default: "https://slack.com",
    format: "secure_url",
  },
  audit_url: {
    doc: "The Audit Logs API, without `/logs`; GovSlack has its own",
    default: "https://api.slack.com/audit/v1",
    format: "secure_url",
  },
  poll_interval: { doc: "Time between two polls", default: "1m", format: "duration", min: "1s", max: "1d" },
  start_at: {
    doc: "Where a source without a stored position begins: `now`, a time such as `2026-01-31T00:00:00Z`, or a duration back",
    default: "now",
    format: "start_at",
  },
  lookback: {
    doc: "How far behind the position every poll reads again, for entries that become visible late",
    default: "15m",
    format: "seconds",
  },
  max_window: {
    doc: "The longest time range asked for at once; longer than `lookback`",
    default: "1h",
    format: "seconds",
    min: "1s",
  },
  page_size: { doc: "Entries asked for in one request", default: "9999", format: "count", min: "1", max: "9999" },
  requests_per_minute: {
    doc: "Most requests to Slack in a minute; Slack's 50 are shared by every audit app of the organisation",
    default: "40",
    format: "count",
    min: "1",
    max: "100000",
  },
  include_actions: {
    doc: "Delivers only these actions, by name, glob or category (`category:file`); empty: all",
    default: [],
    format: "globs",
  },
  exclude_actions: { doc: "Leaves out these actions, even where they are included", default: [], format: "globs" },
} as const satisfies Schema;
