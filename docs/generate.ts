import { readFile, writeFile } from "node:fs/promises";
import { listReference, renderReference } from "../src/config/reference.ts";
import { slackErrorCodes, slackFault } from "../src/slack/api/errors.ts";
import { renderMapping } from "./mapping.ts";

const README = new URL("../README.md", import.meta.url);
const MAPPING = new URL("mapping.md", import.meta.url);

/** The generated parts of the README, by the name of their markers. */
const GENERATED: Readonly<Record<string, () => string>> = {
  options: () => renderReference(listReference()),
  "slack-errors": renderSlackErrors,
};

/** The README with its generated parts replaced. Throws if a marker is missing. */
export function renewGenerated(readme: string): string {
  return Object.entries(GENERATED).reduce((text, [name, render]) => {
    const [start, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
    const [before, rest] = text.split(start, 2);
    const after = rest?.split(end, 2)[1];
    if (before === undefined || after === undefined) throw new Error(`Cannot renew the README: it has no ${start}`);
    return `${before}${start}${render()}${end}${after}`;
  }, readme);
}

function renderSlackErrors(): string {
  const fates = {
    retry: "tried again",
    hold: "held",
    token: "held, setup opens again",
    cursor: "window read again",
    future: "time learned again",
  };
  const rows = slackErrorCodes.map((code) => {
    const fault = slackFault(code);
    return fault && `| \`${code}\` | ${fault.why} | ${fates[fault.kind]} | ${fault.remedy} |\n`;
  });
  return `| code | means | then | what to do |\n| --- | --- | --- | --- |\n${rows.join("")}`;
}

if (import.meta.main) {
  await writeFile(README, renewGenerated(await readFile(README, "utf8")));
  await writeFile(MAPPING, renderMapping());
}
