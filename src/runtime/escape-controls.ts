/** Characters that control a terminal or the order of its text. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Escapes control characters, newlines and bidirectional controls in a value from outside. */
export function escapeControls(value: string): string {
  return value.replace(CONTROLS, escapeCharacter);
}

/** As `escapeControls`, for our own lines: keeps newlines and tabs. */
export function escapeControlsInLines(text: string): string {
  return text.replace(CONTROLS, (character) => (/[\n\t]/.test(character) ? character : escapeCharacter(character)));
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
