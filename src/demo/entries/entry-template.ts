import type { Json, Seconds } from "../../model.ts";
import type { RandomValues } from "../random-values.ts";
import type { Inventory, Person, User } from "./inventory.ts";

/** The time, the person who acts, and the objects that the action can be about. */
export interface TemplateInput extends Inventory {
  readonly at: Seconds;
  readonly random: RandomValues;
  readonly person: Person;
}

/** The object that the action is about: `[type, members]`. */
export type Entity = readonly [type: string, members: object];

/** The parts of an entry that depend on its action. By default `person` is the actor, and the context is their device. */
export interface EntryParts {
  readonly entity: Entity;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly actor?: User;
  /** Replaces these members of the default context. */
  readonly context?: Readonly<Record<string, Json>>;
}

/** Makes entries of one action. */
export interface EntryTemplate {
  readonly action: string;
  /** The group that Slack's `/actions` lists the action in. */
  readonly group: string;
  /** The action's frequency, relative to the weights of all other templates. */
  readonly weight: number;
  readonly make: (input: TemplateInput) => EntryParts;
}

/** The actor's own user as the entity. */
export function actorEntity({ person }: TemplateInput): Entity {
  return ["user", person.user];
}

/** A random user; it can be the actor. */
export function anyUser({ random, people }: TemplateInput): User {
  return random.pick(people).user;
}

/** A random channel as the entity. */
export function anyChannel({ random, channels }: TemplateInput): Entity {
  return ["channel", random.pick(channels)];
}

/** A random file as the entity. */
export function anyFile({ random, files }: TemplateInput): Entity {
  return ["file", random.pick(files)];
}

/** A random app as the entity. */
export function anyApp({ random, apps }: TemplateInput): Entity {
  return ["app", random.pick(apps)];
}

/** The organisation as the entity; Slack's type is `enterprise`. */
export function organisationEntity({ organisation }: TemplateInput): Entity {
  return ["enterprise", organisation];
}

/** The actor's workspace as the entity. */
export function workspaceEntity({ person }: TemplateInput): Entity {
  return ["workspace", person.workspace];
}
