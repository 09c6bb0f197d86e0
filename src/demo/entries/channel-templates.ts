import { anyChannel, anyUser, type EntryTemplate, workspaceEntity } from "./entry-template.ts";

const group = "channel";

/** Templates for channels, messages and huddles. */
export const CHANNEL_TEMPLATES: readonly EntryTemplate[] = [
  { action: "public_channel_created", group, weight: 4, make: (input) => ({ entity: anyChannel(input) }) },
  { action: "private_channel_created", group, weight: 3, make: (input) => ({ entity: anyChannel(input) }) },
  { action: "public_channel_archive", group, weight: 1, make: (input) => ({ entity: anyChannel(input) }) },
  {
    action: "user_channel_join",
    group,
    weight: 25,
    make: (input) => {
      const { id, name, email, team } = anyUser(input);
      // Slack sends the inviter as a user, or as an actor that contains one.
      const inviter = input.random.chance(0.5)
        ? { id, name, email, team }
        : { type: "user", user: { id, name, email, team } };
      return { entity: anyChannel(input), details: input.random.chance(0.6) ? { inviter } : {} };
    },
  },
  { action: "user_channel_leave", group, weight: 6, make: (input) => ({ entity: anyChannel(input) }) },
  {
    action: "external_shared_channel_connected",
    group,
    weight: 1,
    make: (input) => ({
      entity: anyChannel(input),
      details: {
        external_organization_id: input.random.id("E"),
        external_organization_name: "Partner Shipping",
        is_external_limited: true,
      },
    }),
  },
  {
    action: "channel_posting_permissions_updated",
    group,
    weight: 1,
    make: (input) => ({
      entity: anyChannel(input),
      details: {
        who_can_post: { type: ["admins"], user: [anyUser(input).id] },
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
    make: (input) => ({
      entity: anyChannel(input),
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
    make: ({ random, person, channels, at }) => ({
      entity: ["message", { team: person.user.team, channel: random.pick(channels).id, timestamp: `${at}.000200` }],
      details: { reason: "spam", channel: random.pick(channels).id },
    }),
  },
  {
    action: "huddle_started",
    group: "huddle",
    weight: 3,
    make: (input) => ({
      entity: [
        "huddle",
        {
          id: input.random.id("R"),
          date_start: input.at,
          date_end: input.random.chance(0.5) ? 0 : input.at + input.random.integer(60, 3_600),
          participants: [input.person.user.id, anyUser(input).id],
        },
      ],
    }),
  },
  {
    action: "usergroup_updated",
    group: "subteam",
    weight: 1,
    make: ({ random }) => ({ entity: ["usergroup", { id: random.id("S"), name: "on-call" }] }),
  },
  {
    action: "emoji_added",
    group: "workspace_or_org",
    weight: 2,
    make: (input) => ({ entity: workspaceEntity(input), details: { name: "party-lantern" } }),
  },
];
