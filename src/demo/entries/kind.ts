import type { Json, Seconds } from "../../model.ts";
import type { Cast, Person, User } from "./cast.ts";
import type { Dice } from "./dice.ts";

/** When and by whom something is done, and what it can be done to. */
export interface Scene extends Cast {
  readonly at: Seconds;
  readonly dice: Dice;
  readonly person: Person;
}

/** The thing that is acted on: `[type, members]`. */
export type Entity = readonly [type: string, members: object];

/** What was done. Where nothing else is said, the scene's person did it, from their usual device. */
export interface Deed {
  readonly entity: Entity;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly actor?: User;
  readonly context?: Readonly<Record<string, Json>>;
}

/** One kind of entry. */
export interface Kind {
  readonly action: string;
  /** Slack's group of the action. */
  readonly group: string;
  /** How often it occurs, compared with the others. */
  readonly weight: number;
  readonly make: (scene: Scene) => Deed;
}

/** The actor's own user as the entity: what happens to oneself. */
export function self({ person }: Scene): Entity {
  return ["user", person.user];
}

/** Anybody's user. */
export function anybody({ dice, people }: Scene): User {
  return dice.pick(people).user;
}

/** Any channel as the entity. */
export function anyChannel({ dice, channels }: Scene): Entity {
  return ["channel", dice.pick(channels)];
}

/** Any file as the entity. */
export function anyFile({ dice, files }: Scene): Entity {
  return ["file", dice.pick(files)];
}

/** Any app as the entity. */
export function anyApp({ dice, apps }: Scene): Entity {
  return ["app", dice.pick(apps)];
}

/** The organisation as the entity. */
export function theEnterprise({ organisation }: Scene): Entity {
  return ["enterprise", organisation];
}

/** The workspace of the scene's person as the entity. */
export function theWorkspace({ person }: Scene): Entity {
  return ["workspace", person.workspace];
}
