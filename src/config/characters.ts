/** What is wrong with the characters of a pasted id, secret or URL, if anything. Does not show the value. */
export function problemOfCharacters(value: string): string | undefined {
  return (
    problemOfControls(value) ??
    (/["'`\u201c\u201d\u2018\u2019\u00ab\u00bb]/.test(value)
      ? "holds a quotation mark, which is taken for a part of the value; remove it"
      : undefined) ??
    (/\s/.test(value) ? "holds a space; remove it" : undefined)
  );
}

/** As `problemOfCharacters`, for a secret or an id, which are ASCII. */
export function problemOfCredential(value: string): string | undefined {
  const problem = problemOfCharacters(value);
  if (problem) return problem;
  return /^[\x21-\x7e]*$/.test(value) ? undefined : "holds a character that is not ASCII; copy it anew";
}

/** What is wrong with the characters of a header value, if anything. Spaces and quotation marks are allowed inside it. */
export function problemOfHeaderValue(value: string): string | undefined {
  const problem = problemOfControls(value.replaceAll("\t", " "));
  if (problem) return problem;
  return /^(["']).*\1$/s.test(value)
    ? "stands in quotation marks, which are taken for a part of it; remove them"
    : undefined;
}

function problemOfControls(value: string): string | undefined {
  if (value.includes("\uFEFF")) return "holds a byte order mark; save the file as UTF-8 without one";
  if (/[\r\n\u0085\u2028\u2029]/.test(value)) return "holds a line break; remove it";
  // U+FFFD replaces bytes that are not UTF-8.
  if (/\p{Cc}|\p{Cf}|\uFFFD/u.test(value)) return "holds a control character; copy it anew, as UTF-8";
  return undefined;
}
