import type { Organisation, Seconds } from "../model.ts";
import type { Random } from "../runtime/random.ts";
import { createCast, type Person } from "./entries/cast.ts";
import { createDice, type Dice } from "./entries/dice.ts";
import type { Kind } from "./entries/kind.ts";
import { KINDS } from "./entries/kinds.ts";

/** An audit entry as Slack's Audit Logs API would send it. */
export interface AuditEntry {
  readonly id: string;
  readonly date_create: Seconds;
  readonly action: string;
  readonly actor: object;
  readonly entity: { readonly type: string; readonly [type: string]: unknown };
  readonly context: object;
  readonly details?: object;
}

/** What entries are made of. */
export interface EntryMakerOptions {
  /** The same entries come of the same randomness. */
  readonly random: Random;
  readonly organisation: Required<Organisation>;
  /** What to choose from; by default every kind. */
  readonly kinds?: readonly Kind[];
}

/** Makes entries of one organisation, each of a kind that its weight chooses. */
export function createEntryMaker({
  random,
  organisation,
  kinds = KINDS,
}: EntryMakerOptions): (at: Seconds) => AuditEntry {
  const dice = createDice(random);
  const cast = createCast(dice, organisation);
  const draw = createDraw(kinds, random);
  return (at) => {
    const { action, make } = draw();
    const person = dice.pick(cast.people);
    const { entity, details, actor = person.user, context } = make({ ...cast, at, dice, person });
    const [type, members] = entity;
    return {
      id: dice.uuid(),
      date_create: at,
      action,
      actor: { type: "user", user: actor },
      entity: { type, [type]: members },
      context: { ...toContext(person, { dice, organisation }), ...context },
      ...(details ? { details } : {}),
    };
  };
}

function toContext(person: Person, { dice, organisation }: { dice: Dice; organisation: object }): object {
  const location = dice.chance(0.2)
    ? { type: "enterprise", ...organisation }
    : { type: "workspace", ...person.workspace };
  return {
    location,
    ua: person.ua,
    ip_address: person.ip_address,
    session_id: person.session_id,
    // For a time every entry carried the member, null where no app was involved.
    ...(dice.chance(0.2) ? { app: null } : {}),
  };
}

function createDraw(kinds: readonly Kind[], random: Random): () => Kind {
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0);
  return () => {
    let left = random.fraction() * total;
    for (const kind of kinds) {
      left -= kind.weight;
      if (left < 0) return kind;
    }
    throw new RangeError("Cannot make an entry: there is no kind to choose from");
  };
}
