import { existsSync } from "node:fs";
import { type BrowserContext, chromium, type Page } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM_PATH || "/usr/bin/chromium";
const ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** Why there is no browser to test with; false where there is one. */
export const noBrowser = existsSync(CHROMIUM) ? false : `there is no browser at ${CHROMIUM}`;

/** A person's browser. */
export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the pages complained about: their errors, and refusals by their content security policy. */
  readonly complaints: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens a browser. `resolves` maps a host and port to another, as a name server and a router would. */
export async function openBrowser({ resolves }: { resolves?: string } = {}): Promise<Person> {
  const args = resolves ? [...ARGUMENTS, `--host-resolver-rules=MAP ${resolves}`] : ARGUMENTS;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1_000, height: 900 } });
  const complaints: string[] = [];
  context.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
  context.on("weberror", (error) => void complaints.push(error.error().message));
  return { context, page: await context.newPage(), complaints, [Symbol.asyncDispose]: () => browser.close() };
}
