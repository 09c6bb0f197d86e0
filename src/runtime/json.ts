/** Reports whether a parsed value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `"`, as are the following a UTF-8 byte of JSON syntax (RFC 8259). */
export const QUOTE = 0x22;
/** `,` */
export const COMMA = 0x2c;
/** `/` */
export const SLASH = 0x2f;
/** `0` */
export const ZERO = 0x30;
/** `9` */
export const NINE = 0x39;
/** `:` */
export const COLON = 0x3a;
/** `[` */
export const OPEN_BRACKET = 0x5b;
/** `\` */
export const BACKSLASH = 0x5c;
/** `]` */
export const CLOSE_BRACKET = 0x5d;
/** `{` */
export const OPEN_BRACE = 0x7b;
/** `}` */
export const CLOSE_BRACE = 0x7d;
/** The lowest byte that a JSON string may hold without escaping. */
export const FIRST_PRINTABLE = 0x20;
