import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { chromium, type Page } from "playwright-core";
import { authorizeAsOwner } from "../../src/demo/run/authorize-as-owner.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { createHttp } from "../../src/runtime/http.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const IMAGES = path.join(ROOT, "docs/images");
const SIZE = { width: 760, height: 400 };

/** Stores the page at `url` as docs/images/`name`-light.png and `name`-dark.png. */
async function capture(page: Page, url: string, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(url);
    await page.screenshot({ fullPage: true, path: path.join(IMAGES, `${name}-${colorScheme}.png`) });
  }
}

const demo = spawn(process.execPath, ["src/main.ts", "demo", "--manual"], {
  cwd: ROOT,
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(demo, "exit");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const http = createHttp({ clock: systemClock, timeoutMs: 10_000, maxAnswerBytes: 1_000_000 }, {});
try {
  await mkdir(IMAGES, { recursive: true });
  const page = await browser.newPage({ viewport: SIZE });
  let status = "";
  let records = 0;
  for await (const line of createInterface({ input: demo.stdout })) {
    status = /^Status page: (\S+)/.exec(line)?.[1] ?? status;
    const [link] = /https?:\/\/\S+\/setup\/\S+/.exec(line) ?? [];
    if (link) {
      await capture(page, link, "setup");
      await authorizeAsOwner(link, http, AbortSignal.timeout(30_000));
    } else if (/^\d\d:/.test(line)) records += 1;
    if (records === 45) break;
  }
  await capture(page, status, "status");
} finally {
  demo.kill("SIGTERM");
  await Promise.all([ended, browser.close(), http.close()]);
}
