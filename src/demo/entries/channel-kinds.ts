import { anybody, anyChannel, type Kind, theWorkspace } from "./kind.ts";

const group = "channel";

/** Channels, messages and huddles. */
export const CHANNEL_KINDS: readonly Kind[] = [
  { action: "public_channel_created", group, weight: 4, make: (scene) => ({ entity: anyChannel(scene) }) },
  { action: "private_channel_created", group, weight: 3, make: (scene) => ({ entity: anyChannel(scene) }) },
  { action: "public_channel_archive", group, weight: 1, make: (scene) => ({ entity: anyChannel(scene) }) },
  {
    action: "user_channel_join",
    group,
    weight: 25,
    make: (scene) => {
      const { id, name, email, team } = anybody(scene);
      // The inviter is flat or wrapped.
      const inviter = scene.dice.chance(0.5)
        ? { id, name, email, team }
        : { type: "user", user: { id, name, email, team } };
      return { entity: anyChannel(scene), details: scene.dice.chance(0.6) ? { inviter } : {} };
    },
  },
  { action: "user_channel_leave", group, weight: 6, make: (scene) => ({ entity: anyChannel(scene) }) },
  {
    action: "external_shared_channel_connected",
    group,
    weight: 1,
    make: (scene) => ({
      entity: anyChannel(scene),
      details: {
        external_organization_id: scene.dice.id("E"),
        external_organization_name: "Partner Shipping",
        is_external_limited: true,
      },
    }),
  },
  {
    action: "channel_posting_permissions_updated",
    group,
    weight: 1,
    make: (scene) => ({
      entity: anyChannel(scene),
      details: {
        who_can_post: { type: ["admins"], user: [anybody(scene).id] },
        can_thread: { type: ["everyone"], user: [] },
        enable_at_here: { enabled: false },
        enable_at_channel: { enabled: false },
      },
    }),
  },
  {
    action: "channel_retention_changed",
    group,
    weight: 1,
    make: (scene) => ({
      entity: anyChannel(scene),
      details: {
        old_retention_policy: { type: "old", duration_days: 0 },
        new_retention_policy: { type: "new", duration_days: 90 },
      },
    }),
  },
  {
    action: "message_flagged",
    group: "message",
    weight: 1,
    make: ({ dice, person, channels, at }) => ({
      entity: ["message", { team: person.user.team, channel: dice.pick(channels).id, timestamp: `${at}.000200` }],
      details: { reason: "spam", channel: dice.pick(channels).id },
    }),
  },
  {
    action: "huddle_started",
    group: "huddle",
    weight: 3,
    make: (scene) => ({
      entity: [
        "huddle",
        {
          id: scene.dice.id("R"),
          date_start: scene.at,
          date_end: scene.dice.chance(0.5) ? 0 : scene.at + scene.dice.integer(60, 3_600),
          participants: [scene.person.user.id, anybody(scene).id],
        },
      ],
    }),
  },
  {
    action: "usergroup_updated",
    group: "subteam",
    weight: 1,
    make: ({ dice }) => ({ entity: ["usergroup", { id: dice.id("S"), name: "on-call" }] }),
  },
  {
    action: "emoji_added",
    group: "workspace_or_org",
    weight: 2,
    make: (scene) => ({ entity: theWorkspace(scene), details: { name: "party-lantern" } }),
  },
];
