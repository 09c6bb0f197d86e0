/** A predicate on an entry's text for the parameters `action`, `actor` and `entity`; undefined if none is given. */
export function createFilter({
  actions,
  actor,
  entity,
}: {
  actions: readonly string[];
  actor: string | null;
  entity: string | null;
}): ((text: string) => boolean) | undefined {
  if (actions.length === 0 && !actor && !entity) return undefined;
  return (text) => {
    const entry: unknown = JSON.parse(text);
    if (actions.length > 0 && !actions.includes(String(member(entry, "action")))) return false;
    if (actor && member(member(member(entry, "actor"), "user"), "id") !== actor) return false;
    return !entity || entityId(member(entry, "entity")) === entity;
  };
}

function entityId(entity: unknown): unknown {
  return member(member(entity, String(member(entity, "type"))), "id");
}

function member(value: unknown, key: string): unknown {
  return Object.getOwnPropertyDescriptor(Object(value), key)?.value;
}
