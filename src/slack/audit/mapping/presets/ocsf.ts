import { ocsfClassOf } from "./ocsf-class.ts";
import type { Preset } from "./preset.ts";
import { hasFailed } from "./verb.ts";

/** The version of the Open Cybersecurity Schema Framework. */
export const OCSF_VERSION = "1.8.0";

/** OCSF attributes by our attribute (schema.ocsf.io). OCSF requires `unmapped` for all others. */
export const ocsfNames: Readonly<Record<string, readonly string[]>> = {
  "log.record.uid": ["log.record.uid", "metadata.uid"],
  "slack.audit.action": ["metadata.event_code", "api.operation"],
  "slack.audit.description": ["message"],
  "user.id": ["actor.user.uid"],
  "user.email": ["actor.user.email_addr"],
  "user.full_name": ["actor.user.name", "actor.user.full_name"],
  "slack.audit.actor.account_type": ["actor.user.type"],
  "slack.audit.actor.team_id": ["actor.user.org.uid"],
  "session.id": ["actor.session.uid"],
  "slack.audit.context.app.id": ["actor.app_uid"],
  "slack.audit.context.app.name": ["actor.app_name"],
  "client.address": ["src_endpoint.ip"],
  "user_agent.original": ["http_request.user_agent"],
};

/** The OCSF preset. */
export const ocsf: Preset = {
  rename: (name) => ocsfNames[name] ?? [`unmapped.${name}`],
  classify({ action, category, severityNumber }) {
    const { classUid, activityId } = ocsfClassOf(action, category);
    return {
      category_uid: Math.floor(classUid / 1_000),
      class_uid: classUid,
      activity_id: activityId,
      type_uid: classUid * 100 + activityId,
      severity_id: severityId(severityNumber),
      status_id: hasFailed(action) ? 2 : 1,
      "metadata.version": OCSF_VERSION,
      "metadata.log_name": "audit",
      "metadata.product.name": "Slack",
      "metadata.product.vendor_name": "Slack",
    };
  },
  time: "time",
};

/** Informational for INFO and below, Medium for WARN, High for ERROR, Critical for FATAL. */
function severityId(severityNumber: number): number {
  return severityNumber < 13 ? 1 : severityNumber < 17 ? 3 : severityNumber < 21 ? 4 : 5;
}
