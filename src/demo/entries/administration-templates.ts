import { anyFile, anyUser, type EntryTemplate, organisationEntity, workspaceEntity } from "./entry-template.ts";

const group = "workspace_or_org";

/** Templates for settings, roles, barriers, legal holds, exports and data loss prevention. */
export const ADMINISTRATION_TEMPLATES: readonly EntryTemplate[] = [
  {
    action: "pref.two_factor_auth_changed",
    group,
    weight: 1,
    make: (input) => ({
      entity: organisationEntity(input),
      details: { new_value: "REQUIRED", previous_value: "OPTIONAL" },
    }),
  },
  {
    action: "pref.app_whitelist_enabled",
    group,
    weight: 1,
    make: (input) => ({ entity: workspaceEntity(input), details: { new_value: ["A01", "A02"], previous_value: [] } }),
  },
  {
    action: "pref.who_can_manage_ext_shared_channels",
    group,
    weight: 1,
    make: (input) => ({
      entity: organisationEntity(input),
      details: { new_value: { type: ["owner", "admin"], user: [] }, previous_value: { type: ["everyone"] } },
    }),
  },
  {
    action: "pref.session_duration_changed",
    group,
    weight: 1,
    make: (input) => ({ entity: workspaceEntity(input), details: { new_value: 86_400, previous_value: null } }),
  },
  {
    action: "manual_export_started",
    group,
    weight: 1,
    make: (input) => ({
      entity: workspaceEntity(input),
      details: {
        export_type: "full",
        export_start_ts: String(input.at - 86_400),
        export_end_ts: String(input.at),
        exporting_team_id: input.random.integer(10 ** 12, 2 * 10 ** 12),
      },
    }),
  },
  {
    action: "audit_logs_export_csv_started",
    group,
    weight: 1,
    make: (input) => ({ entity: organisationEntity(input) }),
  },
  {
    action: "role_assigned",
    group: "role",
    weight: 2,
    make: (input) => ({
      entity: ["role", { id: "Rl0A", name: "Audit Logs Admin", type: "system" }],
      details: { target_user_id: anyUser(input).id, entity_ids: [input.organisation.id] },
    }),
  },
  {
    action: "permissions_assigned",
    group: "account_type_role",
    weight: 1,
    make: ({ random }) => ({
      entity: ["account_type_role", { id: random.id("Rl"), name: "Members" }],
      details: {
        permissions: [
          {
            resource: { type: "app_id", grant: { type: "resource", resource_id: random.id("A"), wildcard: null } },
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
    make: ({ random }) => ({
      entity: [
        "barrier",
        {
          id: random.id("B"),
          primary_usergroup: random.id("S"),
          ...(random.chance(0.5)
            ? { barriered_from_usergroups: [random.id("S"), random.id("S")] }
            : { barriered_from_usergroup: random.id("S") }),
          restricted_subjects: ["im", "mpim", "call"],
        },
      ],
    }),
  },
  {
    action: "legal_hold_policy_created",
    group: "legal_hold",
    weight: 1,
    make: ({ random }) => ({
      entity: ["legal_hold_policy", { id: random.id("Lh"), name: "Contract dispute" }],
      details: { policy_name: "Contract dispute", channel_ids: [], expires_on: 0 },
    }),
  },
  {
    action: "native_dlp_rule_action_applied",
    group: "native_dlp",
    weight: 3,
    make: (input) => {
      const rule = {
        id: input.random.id("Dr"),
        team_id: input.organisation.id,
        title: "Card numbers",
        action: { resolution: { value: "tombstone" }, notify: ["user"] },
        condition: { datatype: "regex", operator: "any", values: ["\\b\\d{16}\\b"], entity_type: "file" },
      };
      return { entity: anyFile(input), details: { matched_rule: rule, rules_checked: [rule], is_flagged: "true" } };
    },
  },
];
