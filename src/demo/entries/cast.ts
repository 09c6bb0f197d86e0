import type { Organisation } from "../../model.ts";
import type { Dice } from "./dice.ts";
import { AGENTS, APPS, CHANNELS, FILES, ROLES, WORKSPACES } from "./names.ts";

/** A workspace or an organisation, as an entity or a location holds it. */
export interface Place {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

/** A user, as an actor or an entity holds it. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly team: string;
  readonly account_type?: string;
}

/** Somebody, and the device they are usually at. */
export interface Person {
  readonly user: User;
  readonly workspace: Place;
  readonly ip_address: string;
  readonly ua: string;
  /** Slack writes it in three ways. */
  readonly session_id: string | number | null;
}

/** A channel, a file or an app, as an entity holds it. */
export type Thing = { readonly id: string; readonly name: string; readonly [key: string]: unknown };

/** Who and what there is in an organisation: the same ones come up again and again, as in a real one. */
export interface Cast {
  readonly organisation: Place;
  readonly workspaces: readonly Place[];
  readonly people: readonly Person[];
  readonly channels: readonly Thing[];
  readonly files: readonly Thing[];
  readonly apps: readonly Thing[];
}

/** Invents an organisation's people, channels, files and apps. */
export function createCast(dice: Dice, organisation: Required<Organisation>): Cast {
  const workspaces = WORKSPACES.map((name) => ({ id: dice.id("T"), name, domain: toSlug(name) }));
  const people = ROLES.map((name) => createPerson(name, { dice, workspaces, organisation }));
  return {
    organisation,
    workspaces,
    people,
    channels: CHANNELS.map((name) => createChannel(name, dice)),
    files: FILES.map((name) => createFile(name, dice)),
    apps: APPS.map(([name, scopes]) => createApp(name, { scopes, dice, creator: dice.pick(people).user })),
  };
}

interface Surroundings {
  readonly dice: Dice;
  readonly workspaces: readonly Place[];
  readonly organisation: Required<Organisation>;
}

function createPerson(name: string, { dice, workspaces, organisation }: Surroundings): Person {
  const workspace = dice.pick(workspaces);
  const isBot = name.endsWith("Bot");
  const session = dice.integer(10 ** 11, 9 * 10 ** 12);
  return {
    user: {
      id: dice.id(dice.chance(0.2) ? "W" : "U"),
      name,
      email: `${toSlug(name)}@${isBot ? "slack-bots.com" : `${organisation.domain}.example`}`,
      team: dice.chance(0.5) ? organisation.id : workspace.id,
      ...(dice.chance(0.4) ? { account_type: isBot ? "bot" : dice.pick(["regular", "guest", "admin"]) } : {}),
    },
    workspace,
    // From the ranges that are set aside for documentation: they belong to nobody.
    ip_address: dice.chance(0.15)
      ? `2001:db8:${dice.hex(2)}::${dice.integer(1, 9)}`
      : `${dice.pick(["192.0.2", "198.51.100", "203.0.113"])}.${dice.integer(1, 254)}`,
    ua: dice.pick(AGENTS),
    session_id: dice.pick([session, session, String(session), null]),
  };
}

function createChannel(name: string, dice: Dice): Thing {
  const isOrgShared = dice.chance(0.2);
  return {
    id: dice.id("C"),
    name,
    privacy: dice.chance(0.3) ? "private" : "public",
    is_shared: dice.chance(0.2),
    is_org_shared: isOrgShared,
    ...(isOrgShared ? { teams_shared_with: [dice.id("E"), dice.id("T")] } : {}),
    original_connected_channel_id: null,
    is_salesforce_channel: false,
  };
}

function createFile(name: string, dice: Dice): Thing {
  const filetype = name.split(".").at(-1);
  // Files that were never given a title have an empty one.
  return { id: dice.id("F"), name, filetype, title: dice.chance(0.3) ? "" : name };
}

function createApp(
  name: string,
  { scopes, dice, creator }: { scopes: readonly string[]; dice: Dice; creator: User },
): Thing {
  return {
    id: dice.id("A"),
    name,
    is_distributed: dice.chance(0.5),
    is_directory_approved: dice.chance(0.5),
    is_workflow_app: false,
    scopes,
    // Both spellings occur.
    [dice.chance(0.5) ? "bot_scopes" : "scopes_bot"]: scopes.slice(0, 1),
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
