/** What a terminal obeys, or what turns the order of its text around: it must not come from outside. */
const OBEYED = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** A value of somebody else's in one line of text: control characters, newlines and bidirectional controls are escaped. */
export function printable(value: string): string {
  return value.replace(OBEYED, escaped);
}

/** Whole lines of text for a terminal: like `printable`, but newlines and tabs are ours and stay. */
export function printableLines(text: string): string {
  return text.replace(OBEYED, (character) => (/[\n\t]/.test(character) ? character : escaped(character)));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
