import { listReference, renderReference } from "../src/config/reference.ts";
import { systemFiles } from "../src/runtime/files.ts";
import { slackErrorCodes, slackFault } from "../src/slack/errors.ts";
import { renderMapping } from "./mapping.ts";

const README = new URL("../README.md", import.meta.url);
const MAPPING = new URL("mapping.md", import.meta.url);

/** The parts of the README that the code's own tables give, by the name of their markers. */
const generated: Readonly<Record<string, () => string>> = {
  options: () => renderReference(listReference()),
  "slack-errors": renderSlackErrors,
};

/** The README with its generated parts renewed. */
export function renew(readme: string): string {
  return Object.entries(generated).reduce((text, [name, render]) => {
    const [open, close] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
    const [before, rest] = text.split(open, 2);
    const after = rest?.split(close, 2)[1];
    if (before === undefined || after === undefined) throw new Error(`Cannot renew the README: it has no ${open}`);
    return `${before}${open}${render()}${close}${after}`;
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
    return fault && `| \`${code}\` | ${fault.why} | ${fates[fault.fate]} | ${fault.remedy} |\n`;
  });
  return `| code | means | then | what to do |\n| --- | --- | --- | --- |\n${rows.join("")}`;
}

async function write(file: URL, text: string): Promise<void> {
  const handle = await systemFiles.open(file, "w");
  await handle.writeFile(text);
  await handle.close();
}

if (import.meta.main) {
  await write(README, renew(await systemFiles.readFile(README, "utf8")));
  await write(MAPPING, renderMapping());
}
