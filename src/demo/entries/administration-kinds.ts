import { anybody, anyFile, type Kind, theEnterprise, theWorkspace } from "./kind.ts";

const group = "workspace_or_org";

/** Settings, roles, barriers, legal holds, exports and data loss prevention. */
export const ADMINISTRATION_KINDS: readonly Kind[] = [
  {
    action: "pref.two_factor_auth_changed",
    group,
    weight: 1,
    make: (scene) => ({ entity: theEnterprise(scene), details: { new_value: "REQUIRED", previous_value: "OPTIONAL" } }),
  },
  {
    action: "pref.app_whitelist_enabled",
    group,
    weight: 1,
    make: (scene) => ({ entity: theWorkspace(scene), details: { new_value: ["A01", "A02"], previous_value: [] } }),
  },
  {
    action: "pref.who_can_manage_ext_shared_channels",
    group,
    weight: 1,
    make: (scene) => ({
      entity: theEnterprise(scene),
      details: { new_value: { type: ["owner", "admin"], user: [] }, previous_value: { type: ["everyone"] } },
    }),
  },
  {
    action: "pref.session_duration_changed",
    group,
    weight: 1,
    make: (scene) => ({ entity: theWorkspace(scene), details: { new_value: 86_400, previous_value: null } }),
  },
  {
    action: "manual_export_started",
    group,
    weight: 1,
    make: (scene) => ({
      entity: theWorkspace(scene),
      details: {
        export_type: "full",
        export_start_ts: String(scene.at - 86_400),
        export_end_ts: String(scene.at),
        exporting_team_id: scene.dice.integer(10 ** 12, 2 * 10 ** 12),
      },
    }),
  },
  {
    action: "audit_logs_export_csv_started",
    group,
    weight: 1,
    make: (scene) => ({ entity: theEnterprise(scene) }),
  },
  {
    action: "role_assigned",
    group: "role",
    weight: 2,
    make: (scene) => ({
      entity: ["role", { id: "Rl0A", name: "Audit Logs Admin", type: "system" }],
      details: { target_user_id: anybody(scene).id, entity_ids: [scene.organisation.id] },
    }),
  },
  {
    action: "permissions_assigned",
    group: "account_type_role",
    weight: 1,
    make: ({ dice }) => ({
      entity: ["account_type_role", { id: dice.id("Rl"), name: "Members" }],
      details: {
        permissions: [
          {
            resource: { type: "app_id", grant: { type: "resource", resource_id: dice.id("A"), wildcard: null } },
            scopes: ["chat:write"],
          },
        ],
        changed_permissions: ["create_channels"],
      },
    }),
  },
  {
    action: "barrier_created",
    group: "barrier",
    weight: 1,
    make: ({ dice }) => ({
      entity: [
        "barrier",
        {
          id: dice.id("B"),
          primary_usergroup: dice.id("S"),
          ...(dice.chance(0.5)
            ? { barriered_from_usergroups: [dice.id("S"), dice.id("S")] }
            : { barriered_from_usergroup: dice.id("S") }),
          restricted_subjects: ["im", "mpim", "call"],
        },
      ],
    }),
  },
  {
    action: "legal_hold_policy_created",
    group: "legal_hold",
    weight: 1,
    make: ({ dice }) => ({
      entity: ["legal_hold_policy", { id: dice.id("Lh"), name: "Contract dispute" }],
      details: { policy_name: "Contract dispute", channel_ids: [], expires_on: 0 },
    }),
  },
  {
    action: "native_dlp_rule_action_applied",
    group: "native_dlp",
    weight: 3,
    make: (scene) => {
      const rule = {
        id: scene.dice.id("Dr"),
        team_id: scene.organisation.id,
        title: "Card numbers",
        action: { resolution: { value: "tombstone" }, notify: ["user"] },
        condition: { datatype: "regex", operator: "any", values: ["\\b\\d{16}\\b"], entity_type: "file" },
      };
      return { entity: anyFile(scene), details: { matched_rule: rule, rules_checked: [rule], is_flagged: "true" } };
    },
  },
];
