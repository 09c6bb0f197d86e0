import { anybody, type Kind, self, theEnterprise } from "./kind.ts";

const group = "user";

/** People and their sessions. */
export const USER_KINDS: readonly Kind[] = [
  { action: "user_login", group, weight: 60, make: (scene) => ({ entity: self(scene) }) },
  {
    action: "user_login_failed",
    group,
    weight: 9,
    make: (scene) => ({
      entity: self(scene),
      details: { reason: scene.dice.pick(["bad_password", "sso_required", "two_factor_failed"]), is_error: true },
      context: { session_id: null, ua: "" },
    }),
  },
  { action: "user_logout", group, weight: 20, make: (scene) => ({ entity: self(scene) }) },
  {
    action: "user_logout_compromised",
    group,
    weight: 1,
    make: (scene) => ({
      entity: ["user", anybody(scene)],
      // Nobody of the organisation did it.
      actor: { id: "USLACKSECURITY", name: "", email: "", team: scene.organisation.id },
      context: { ip_address: "", ua: "", session_id: null },
    }),
  },
  {
    action: "user_session_invalidated",
    group,
    weight: 4,
    make: (scene) => ({
      entity: self(scene),
      details: { client_ja3_fingerprint: scene.dice.hex(16), previous_ip_address: "", previous_ua: "" },
    }),
  },
  {
    action: "user_created",
    group,
    weight: 2,
    make: (scene) => ({ entity: ["user", anybody(scene)], details: { is_external_user: false } }),
  },
  { action: "user_deactivated", group, weight: 2, make: (scene) => ({ entity: ["user", anybody(scene)] }) },
  {
    action: "user_profile_updated",
    group,
    weight: 3,
    make: (scene) => ({
      entity: self(scene),
      details: {
        previous_profile: { real_name: scene.person.user.name, display_name: "" },
        new_profile: { real_name: scene.person.user.name, display_name: "on call" },
      },
    }),
  },
  {
    action: "role_change_to_admin",
    group,
    weight: 1,
    make: (scene) => ({ entity: ["user", anybody(scene)], details: { name: "admin", permissions_updated: true } }),
  },
  {
    action: "bulk_session_reset_by_admin",
    group: "workspace_or_org",
    weight: 1,
    make: (scene) => {
      const ids = [anybody(scene).id, anybody(scene).id];
      // Slack sends a list, or a text with a list in it.
      const users = scene.dice.chance(0.5) ? ids : JSON.stringify(ids);
      return {
        entity: theEnterprise(scene),
        details: { succeeded_users: users, failed_users: [], mobile_only: false, web_only: true, reason: "" },
      };
    },
  },
];
