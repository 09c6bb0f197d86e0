import http from "node:http";
import type { AddressInfo } from "node:net";
import { createPages } from "./template.ts";

/**
 * A Slack that holds any number of entries without storing one: entry i has an id, a text of about 700 bytes and a second
 * that follow from i. Newest first, inclusive bounds, a cursor, and pages that keep to `limit`: seconds hold few entries here.
 */
export interface BenchSlack {
  readonly url: string;
  readonly auditUrl: string;
  /** How many requests for pages came. */
  requests(): number;
  /** When the first request of any kind came, by the wall clock. */
  firstRequestAtMs(): number | undefined;
  close(): void;
}

export interface BenchSlackOptions {
  readonly entries: number;
  /** How many entries share a second. */
  readonly perSecond: number;
  /** The second of the newest entry. */
  readonly newest: number;
  readonly latencyMs: number;
}

const ORGANISATION = JSON.stringify({
  ok: true,
  enterprise_id: "E0BENCH0001",
  team: "Bench",
  url: "https://bench.enterprise.slack.com/",
});

/** Starts it on a free port. */
export async function startBenchSlack({
  entries,
  perSecond,
  newest,
  latencyMs,
}: BenchSlackOptions): Promise<BenchSlack> {
  const writePage = createPages();
  const oldestSecond = newest - Math.ceil(entries / perSecond) + 1;
  const secondOf = (index: number) => oldestSecond + Math.floor(index / perSecond);
  let requests = 0;
  let firstRequestAtMs: number | undefined;
  const server = http.createServer((request, response) => {
    firstRequestAtMs ??= Date.now();
    const url = new URL(request.url ?? "/", "http://bench");
    if (url.pathname === "/api/auth.test") {
      response.writeHead(200, { "content-type": "application/json" }).end(ORGANISATION);
      return;
    }
    if (!url.pathname.endsWith("/logs")) {
      response.writeHead(404).end("{}");
      return;
    }
    requests++;
    const number = (name: string, fallback: number) => Number(url.searchParams.get(name) ?? fallback);
    const first = Math.max(0, (number("oldest", 0) - oldestSecond) * perSecond);
    const last = Math.min(entries, (number("latest", newest) - oldestSecond + 1) * perSecond);
    const from = Math.min(last, number("cursor", last));
    const to = Math.max(first, from - number("limit", 1_000));
    setTimeout(() => {
      const page = writePage({ from, to, secondOf, cursor: to > first ? String(to) : "" });
      response.writeHead(200, { "content-type": "application/json", "content-length": page.length }).end(page);
    }, latencyMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    auditUrl: `http://127.0.0.1:${port}/audit/v1`,
    requests: () => requests,
    firstRequestAtMs: () => firstRequestAtMs,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
