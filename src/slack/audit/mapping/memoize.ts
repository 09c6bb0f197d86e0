/** The limits of a memo: a hostile stream of names must not fill the memory. */
export interface MemoLimits {
  readonly maxKeys: number;
  /** In UTF-16 code units. */
  readonly maxKeyLength: number;
}

/** The names of actions and members are a few hundred short words. */
const NAMES: MemoLimits = { maxKeys: 5_000, maxKeyLength: 200 };

/** Returns a function that calls `make` once per key, within the limits; beyond them it calls `make` each time. */
export function memoize<Value>(
  make: (key: string) => Value,
  { maxKeys, maxKeyLength }: MemoLimits = NAMES,
): (key: string) => Value {
  const made = new Map<string, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    if (made.size < maxKeys && key.length <= maxKeyLength) made.set(key, value);
    return value;
  };
}
