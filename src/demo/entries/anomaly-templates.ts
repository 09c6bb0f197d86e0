import { actorEntity, anyApp, type Entity, type EntryTemplate, type TemplateInput } from "./entry-template.ts";
import { USER_AGENTS } from "./names.ts";

type Details = Readonly<Record<string, unknown>>;

interface Anomaly {
  readonly reason: readonly string[];
  /** The details that Slack adds for this reason. */
  readonly details?: (input: TemplateInput) => Details;
  /** By default the actor. */
  readonly entity?: (input: TemplateInput) => Entity;
}

const address = (...ip_address_details: string[]) => ({ ip_address_details });
const client = () => ({ detected_client: "headless browser", detected_os: "Linux" });

/** The combinations of reasons on Slack's page anomalous-events-reference. */
const ANOMALIES: readonly Anomaly[] = [
  { reason: ["asn", "ip_address"], details: () => address("new-asn", "cloud-asn") },
  { reason: ["ip_address"], details: () => address("in-ioc-list") },
  { reason: ["tor"], details: ({ random }) => (random.chance(0.5) ? address() : {}) },
  { reason: ["tor", "asn", "ip_address"], entity: anyApp },
  { reason: ["excessive_downloads"] },
  { reason: ["excessive_downloads"], entity: anyApp },
  { reason: ["excessive_file_shares"] },
  { reason: ["excessive_malware_uploads"] },
  { reason: ["potential_spam"], details: () => ({ api_call_method: "functions.workflows.publish" }) },
  { reason: ["search_volume"], details: ({ at }) => ({ session_search_start: at - 600 }) },
  { reason: ["session_fingerprint"], details: ({ random }) => ({ client_ja3_fingerprint: random.hex(16) }) },
  { reason: ["spoofed_user_agent", "unexpected_client"], details: client },
  { reason: ["unexpected_client"], details: () => ({ detected_client: "curl" }) },
  { reason: ["unexpected_admin_action"] },
  { reason: ["unexpected_api_call_volume"], details: () => ({ api_call_method: "conversations.history" }) },
  { reason: ["unexpected_credential_testing"], entity: anyApp },
  { reason: ["unexpected_message_deletion"] },
  { reason: ["unexpected_scraping"], details: () => ({ api_call_method: "users.list" }) },
  {
    reason: ["unexpected_user_agent", "user_agent"],
    details: () => ({ user_agent_change_details: { os: { from: "macOS", to: "Linux" }, browser: null } }),
  },
  { reason: ["user_agent"], details: () => ({ previous_ua: USER_AGENTS[3] }) },
];

/** Slack detects an anomaly this long after the action. */
const DETECTION_DELAY_SECONDS = 51;

/** Templates for every documented anomaly and for a change of the allow list. */
export const ANOMALY_TEMPLATES: readonly EntryTemplate[] = [
  ...ANOMALIES.map(({ reason, details, entity = actorEntity }): EntryTemplate => {
    return {
      action: "anomaly",
      group: "anomaly",
      weight: 0.4,
      make: (input) => ({
        entity: entity(input),
        details: {
          // In microseconds.
          action_timestamp: (input.at - DETECTION_DELAY_SECONDS) * 1_000_000 + input.random.integer(0, 999_999),
          location: "Lighthouse Point, Harbour County",
          // Empty if the session has no earlier address.
          previous_ip_address: input.random.chance(0.5) ? "" : "198.51.100.7",
          previous_ua: "",
          reason,
          ...details?.(input),
        },
      }),
    };
  }),
  {
    action: "user_anomaly_event_response_allowlist_changed",
    group: "user",
    weight: 1,
    make: (input) => ({ entity: actorEntity(input), details: { added_to_allow: ["198.51.100.0/24"] } }),
  },
];
