const UNITS_BYTES = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
type Unit = keyof typeof UNITS_BYTES;

/** Bytes of a size such as `512KiB`, `4MiB`, `10MB` or `100B`; undefined where the text is none. */
export function parseSize(text: string): number | undefined {
  const [, count, unit] = /^(\d+)([KMG]i?B|B)$/.exec(text) ?? [];
  const bytes = Number(count) * UNITS_BYTES[unit as Unit];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
