import { actorEntity, anyUser, type EntryTemplate, organisationEntity } from "./entry-template.ts";

const group = "user";

/** Templates for users and their sessions. */
export const USER_TEMPLATES: readonly EntryTemplate[] = [
  { action: "user_login", group, weight: 60, make: (input) => ({ entity: actorEntity(input) }) },
  {
    action: "user_login_failed",
    group,
    weight: 9,
    make: (input) => ({
      entity: actorEntity(input),
      details: { reason: input.random.pick(["bad_password", "sso_required", "two_factor_failed"]), is_error: true },
      context: { session_id: null, ua: "" },
    }),
  },
  { action: "user_logout", group, weight: 20, make: (input) => ({ entity: actorEntity(input) }) },
  {
    action: "user_logout_compromised",
    group,
    weight: 1,
    make: (input) => ({
      entity: ["user", anyUser(input)],
      // Slack itself is the actor.
      actor: { id: "USLACKSECURITY", name: "", email: "", team: input.organisation.id },
      context: { ip_address: "", ua: "", session_id: null },
    }),
  },
  {
    action: "user_session_invalidated",
    group,
    weight: 4,
    make: (input) => ({
      entity: actorEntity(input),
      details: { client_ja3_fingerprint: input.random.hex(16), previous_ip_address: "", previous_ua: "" },
    }),
  },
  {
    action: "user_created",
    group,
    weight: 2,
    make: (input) => ({ entity: ["user", anyUser(input)], details: { is_external_user: false } }),
  },
  { action: "user_deactivated", group, weight: 2, make: (input) => ({ entity: ["user", anyUser(input)] }) },
  {
    action: "user_profile_updated",
    group,
    weight: 3,
    make: (input) => ({
      entity: actorEntity(input),
      details: {
        previous_profile: { real_name: input.person.user.name, display_name: "" },
        new_profile: { real_name: input.person.user.name, display_name: "on call" },
      },
    }),
  },
  {
    action: "role_change_to_admin",
    group,
    weight: 1,
    make: (input) => ({ entity: ["user", anyUser(input)], details: { name: "admin", permissions_updated: true } }),
  },
  {
    action: "bulk_session_reset_by_admin",
    group: "workspace_or_org",
    weight: 1,
    make: (input) => {
      const ids = [anyUser(input).id, anyUser(input).id];
      // Slack sends a list, or a string that contains one as JSON.
      const users = input.random.chance(0.5) ? ids : JSON.stringify(ids);
      return {
        entity: organisationEntity(input),
        details: { succeeded_users: users, failed_users: [], mobile_only: false, web_only: true, reason: "" },
      };
    },
  },
];
