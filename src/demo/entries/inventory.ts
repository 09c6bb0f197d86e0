import type { Organisation } from "../../model.ts";
import type { RandomValues } from "../random-values.ts";
import { APPS, CHANNELS, FILES, ROLES, USER_AGENTS, WORKSPACES } from "./names.ts";

/** A workspace or an organisation, as entities and locations contain it. Slack calls both a team. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

/** A user, as actors and entities contain it. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly team: string;
  readonly account_type?: string;
}

/** A user and the device that they usually use. */
export interface Person {
  readonly user: User;
  readonly workspace: Team;
  readonly ip_address: string;
  readonly ua: string;
  /** Slack sends a number, a string or null. */
  readonly session_id: string | number | null;
}

/** A channel, a file or an app, as entities contain it. */
export type NamedEntity = { readonly id: string; readonly name: string; readonly [key: string]: unknown };

/** The people and objects of an organisation. Entries reuse them, as in a real audit log. */
export interface Inventory {
  readonly organisation: Team;
  readonly workspaces: readonly Team[];
  readonly people: readonly Person[];
  readonly channels: readonly NamedEntity[];
  readonly files: readonly NamedEntity[];
  readonly apps: readonly NamedEntity[];
}

/** Makes up an organisation's people, channels, files and apps. */
export function createInventory(random: RandomValues, organisation: Required<Organisation>): Inventory {
  const workspaces = WORKSPACES.map((name) => ({ id: random.id("T"), name, domain: toSlug(name) }));
  const people = ROLES.map((name) => createPerson(name, { random, workspaces, organisation }));
  return {
    organisation,
    workspaces,
    people,
    channels: CHANNELS.map((name) => createChannel(name, random)),
    files: FILES.map((name) => createFile(name, random)),
    apps: APPS.map(([name, scopes]) => createApp(name, { scopes, random, creator: random.pick(people).user })),
  };
}

interface PersonOptions {
  readonly random: RandomValues;
  readonly workspaces: readonly Team[];
  readonly organisation: Required<Organisation>;
}

function createPerson(name: string, { random, workspaces, organisation }: PersonOptions): Person {
  const workspace = random.pick(workspaces);
  const isBot = name.endsWith("Bot");
  const session = random.integer(10 ** 11, 9 * 10 ** 12);
  return {
    user: {
      id: random.id(random.chance(0.2) ? "W" : "U"),
      name,
      email: `${toSlug(name)}@${isBot ? "slack-bots.com" : `${organisation.domain}.example`}`,
      team: random.chance(0.5) ? organisation.id : workspace.id,
      ...(random.chance(0.4) ? { account_type: isBot ? "bot" : random.pick(["regular", "guest", "admin"]) } : {}),
    },
    workspace,
    // The address ranges that RFC 5737 and RFC 3849 reserve for documentation.
    ip_address: random.chance(0.15)
      ? `2001:db8:${random.hex(2)}::${random.integer(1, 9)}`
      : `${random.pick(["192.0.2", "198.51.100", "203.0.113"])}.${random.integer(1, 254)}`,
    ua: random.pick(USER_AGENTS),
    session_id: random.pick([session, session, String(session), null]),
  };
}

function createChannel(name: string, random: RandomValues): NamedEntity {
  const isOrgShared = random.chance(0.2);
  return {
    id: random.id("C"),
    name,
    privacy: random.chance(0.3) ? "private" : "public",
    is_shared: random.chance(0.2),
    is_org_shared: isOrgShared,
    ...(isOrgShared ? { teams_shared_with: [random.id("E"), random.id("T")] } : {}),
    original_connected_channel_id: null,
    is_salesforce_channel: false,
  };
}

function createFile(name: string, random: RandomValues): NamedEntity {
  const filetype = name.split(".").at(-1);
  // A file without a title has an empty one.
  return { id: random.id("F"), name, filetype, title: random.chance(0.3) ? "" : name };
}

function createApp(
  name: string,
  { scopes, random, creator }: { scopes: readonly string[]; random: RandomValues; creator: User },
): NamedEntity {
  return {
    id: random.id("A"),
    name,
    is_distributed: random.chance(0.5),
    is_directory_approved: random.chance(0.5),
    is_workflow_app: false,
    scopes,
    // Slack uses both spellings.
    [random.chance(0.5) ? "bot_scopes" : "scopes_bot"]: scopes.slice(0, 1),
    creator: creator.id,
    team: creator.team,
  };
}

function toSlug(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
}
