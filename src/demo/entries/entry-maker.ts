import type { Organisation, Seconds } from "../../model.ts";
import type { Random } from "../../runtime/random.ts";
import { createRandomValues, type RandomValues } from "../random-values.ts";
import type { EntryTemplate } from "./entry-template.ts";
import { ENTRY_TEMPLATES } from "./entry-templates.ts";
import { createInventory, type Person } from "./inventory.ts";

/** An entry in the shape that Slack's Audit Logs API sends. */
export interface AuditEntry {
  readonly id: string;
  readonly date_create: Seconds;
  readonly action: string;
  readonly actor: object;
  readonly entity: { readonly type: string; readonly [type: string]: unknown };
  readonly context: object;
  readonly details?: object;
}

/** Options of `createEntryMaker`. */
export interface EntryMakerOptions {
  /** A seeded source gives the same entries on every run. */
  readonly random: Random;
  readonly organisation: Required<Organisation>;
  /** By default every template. */
  readonly templates?: readonly EntryTemplate[];
}

/** Makes entries of one organisation from randomly chosen templates. Throws a RangeError if there are no templates. */
export function createEntryMaker({
  random,
  organisation,
  templates = ENTRY_TEMPLATES,
}: EntryMakerOptions): (at: Seconds) => AuditEntry {
  const values = createRandomValues(random);
  const inventory = createInventory(values, organisation);
  const pickTemplate = createWeightedPick(templates, random);
  return (at) => {
    const { action, make } = pickTemplate();
    const person = values.pick(inventory.people);
    const { entity, details, actor = person.user, context } = make({ ...inventory, at, random: values, person });
    const [type, members] = entity;
    return {
      id: values.uuid(),
      date_create: at,
      action,
      actor: { type: "user", user: actor },
      entity: { type, [type]: members },
      context: { ...toContext(person, { values, organisation }), ...context },
      ...(details ? { details } : {}),
    };
  };
}

function toContext(person: Person, { values, organisation }: { values: RandomValues; organisation: object }): object {
  const location = values.chance(0.2)
    ? { type: "enterprise", ...organisation }
    : { type: "workspace", ...person.workspace };
  return {
    location,
    ua: person.ua,
    ip_address: person.ip_address,
    session_id: person.session_id,
    // Some of Slack's entries have a null `app` if no app is involved.
    ...(values.chance(0.2) ? { app: null } : {}),
  };
}

function createWeightedPick(templates: readonly EntryTemplate[], random: Random): () => EntryTemplate {
  const total = templates.reduce((sum, { weight }) => sum + weight, 0);
  return () => {
    let left = random.fraction() * total;
    for (const template of templates) {
      left -= template.weight;
      if (left < 0) return template;
    }
    throw new RangeError("Cannot make an entry: there are no templates");
  };
}

/** One entry from every template. */
export function makeExamples(options: Omit<EntryMakerOptions, "templates">, at: Seconds): AuditEntry[] {
  return ENTRY_TEMPLATES.map((template) => createEntryMaker({ ...options, templates: [template] })(at));
}
