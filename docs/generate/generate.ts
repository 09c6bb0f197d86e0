import { readFile, writeFile } from "node:fs/promises";
import { listReference, renderReference } from "../../src/config/reference.ts";
import { slackErrorCodes, slackFault } from "../../src/slack/api/errors.ts";
import { renderMapping } from "./mapping.ts";

/** The generated part of each page, between two comments that name it. Pages are relative to docs/. */
export const GENERATED: Readonly<Record<string, { readonly part: string; readonly render: () => string }>> = {
  "options.md": { part: "options", render: () => renderReference(listReference()) },
  "troubleshooting.md": { part: "slack-errors", render: renderSlackErrors },
};

/** Replaces the generated part of a page. Throws if the page is unknown or a comment is missing. */
export function renewGenerated(page: string, text: string): string {
  const generated = GENERATED[page];
  if (!generated) throw new Error(`Cannot renew docs/${page}: it has no generated part`);
  const [start, end] = [`<!-- ${generated.part} -->\n`, `<!-- /${generated.part} -->`];
  const [before, rest] = text.split(start, 2);
  const after = rest?.split(end, 2)[1];
  if (before === undefined || after === undefined) throw new Error(`Cannot renew docs/${page}: ${start} is missing`);
  return `${before}${start}${generated.render()}${end}${after}`;
}

function renderSlackErrors(): string {
  const fates = {
    retry: "retried",
    hold: "held",
    token: "held; the setup page opens again",
    cursor: "the window is read again",
    future: "Slack's time is learned again",
  };
  const rows = slackErrorCodes.map((code) => {
    const fault = slackFault(code);
    return fault && `| \`${code}\` | ${fault.why} | ${fates[fault.kind]} | ${fault.remedy} |\n`;
  });
  return `| code | meaning | what the receiver does | what to do |\n| --- | --- | --- | --- |\n${rows.join("")}`;
}

if (import.meta.main) {
  for (const page of Object.keys(GENERATED)) {
    const file = new URL(`../${page}`, import.meta.url);
    await writeFile(file, renewGenerated(page, await readFile(file, "utf8")));
  }
  await writeFile(new URL("../mapping.md", import.meta.url), renderMapping());
}
