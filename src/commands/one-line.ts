/**
 * The text as one line that a terminal can show: control characters, line breaks and characters that change the direction
 * of writing are escaped, as `\u{1b}`.
 */
export function oneLine(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
