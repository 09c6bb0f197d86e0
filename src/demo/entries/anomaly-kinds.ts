import { anyApp, type Entity, type Kind, type Scene, self } from "./kind.ts";
import { AGENTS } from "./names.ts";

type Details = Readonly<Record<string, unknown>>;

interface Reason {
  readonly reason: readonly string[];
  /** What Slack tells besides, for this reason. */
  readonly details?: (scene: Scene) => Details;
  /** App: the anomaly is an app's, not a person's. */
  readonly of?: "app";
}

const address = (...ip_address_details: string[]) => ({ ip_address_details });
const client = () => ({ detected_client: "headless browser", detected_os: "Linux" });

/** The reasons that Slack documents, in the combinations that it documents (anomalous-events-reference). */
const REASONS: readonly Reason[] = [
  { reason: ["asn", "ip_address"], details: () => address("new-asn", "cloud-asn") },
  { reason: ["ip_address"], details: () => address("in-ioc-list") },
  { reason: ["tor"], details: ({ dice }) => (dice.chance(0.5) ? address() : {}) },
  { reason: ["tor", "asn", "ip_address"], of: "app" },
  { reason: ["excessive_downloads"] },
  { reason: ["excessive_downloads"], of: "app" },
  { reason: ["excessive_file_shares"] },
  { reason: ["excessive_malware_uploads"] },
  { reason: ["potential_spam"], details: () => ({ api_call_method: "functions.workflows.publish" }) },
  { reason: ["search_volume"], details: ({ at }) => ({ session_search_start: at - 600 }) },
  { reason: ["session_fingerprint"], details: ({ dice }) => ({ client_ja3_fingerprint: dice.hex(16) }) },
  { reason: ["spoofed_user_agent", "unexpected_client"], details: client },
  { reason: ["unexpected_client"], details: () => ({ detected_client: "curl" }) },
  { reason: ["unexpected_admin_action"] },
  { reason: ["unexpected_api_call_volume"], details: () => ({ api_call_method: "conversations.history" }) },
  { reason: ["unexpected_credential_testing"], of: "app" },
  { reason: ["unexpected_message_deletion"] },
  { reason: ["unexpected_scraping"], details: () => ({ api_call_method: "users.list" }) },
  {
    reason: ["unexpected_user_agent", "user_agent"],
    details: () => ({ user_agent_change_details: { os: { from: "macOS", to: "Linux" }, browser: null } }),
  },
  { reason: ["user_agent"], details: () => ({ previous_ua: AGENTS[3] }) },
];

/** How long after the act Slack tells of it. */
const DETECTION_SECONDS = 51;

/** Every anomaly that Slack tells of, and a change of what it tells. */
export const ANOMALY_KINDS: readonly Kind[] = [
  ...REASONS.map(({ reason, details, of }): Kind => {
    const entity: (scene: Scene) => Entity = of === "app" ? anyApp : self;
    return {
      action: "anomaly",
      group: "anomaly",
      weight: 0.4,
      make: (scene) => ({
        entity: entity(scene),
        details: {
          // Microseconds.
          action_timestamp: (scene.at - DETECTION_SECONDS) * 1_000_000 + scene.dice.integer(0, 999_999),
          location: "Lighthouse Point, Harbour County",
          // Empty where the session has no earlier ones.
          previous_ip_address: scene.dice.chance(0.5) ? "" : "198.51.100.7",
          previous_ua: "",
          reason,
          ...details?.(scene),
        },
      }),
    };
  }),
  {
    action: "user_anomaly_event_response_allowlist_changed",
    group: "user",
    weight: 1,
    make: (scene) => ({ entity: self(scene), details: { added_to_allow: ["198.51.100.0/24"] } }),
  },
];
