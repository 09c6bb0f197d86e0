import { existsSync } from "node:fs";
import { type BrowserContext, chromium, type Page } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM_PATH || "/usr/bin/chromium";
const ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** Why these tests are skipped; false when Chromium is installed. */
export const noBrowser = existsSync(CHROMIUM) ? false : `there is no browser at ${CHROMIUM}`;

/** A running browser. */
export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of the pages, violations of their content security policy included. */
  readonly complaints: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens a browser. `resolves` maps a host and port to another one, in place of DNS. */
export async function openBrowser({ resolves }: { resolves?: string } = {}): Promise<Person> {
  const args = resolves ? [...ARGUMENTS, `--host-resolver-rules=MAP ${resolves}`] : ARGUMENTS;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1_000, height: 900 } });
  const complaints: string[] = [];
  context.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
  context.on("weberror", (error) => void complaints.push(error.error().message));
  return { context, page: await context.newPage(), complaints, [Symbol.asyncDispose]: () => browser.close() };
}
