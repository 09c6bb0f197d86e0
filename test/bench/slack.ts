import http from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A Slack that holds any number of entries without storing one: entry i has an id, a text of about 700 bytes and a second
 * that follow from i. Newest first, inclusive bounds, a cursor, and pages that keep to `limit`: seconds hold few entries here.
 */
export interface BenchSlack {
  readonly auditUrl: string;
  /** How many requests for pages came. */
  requests(): number;
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

/** Starts it on a free port. */
export async function startBenchSlack({
  entries,
  perSecond,
  newest,
  latencyMs,
}: BenchSlackOptions): Promise<BenchSlack> {
  const oldestSecond = newest - Math.ceil(entries / perSecond) + 1;
  const secondOf = (index: number) => oldestSecond + Math.floor(index / perSecond);
  let requests = 0;
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://bench");
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
    const texts: string[] = [];
    for (let index = from - 1; index >= to; index--) texts.push(entryText(index, secondOf(index)));
    const body = `{"entries":[${texts.join(",")}],"response_metadata":{"next_cursor":"${to > first ? to : ""}"}}`;
    setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end(body), latencyMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    auditUrl: `http://127.0.0.1:${port}/audit/v1`,
    requests: () => requests,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const ACTIONS = [
  "user_login",
  "file_downloaded",
  "public_channel_created",
  "user_channel_join",
  "pref.sso_setting_changed",
];

function entryText(index: number, second: number): string {
  const id = index.toString(16).padStart(12, "0");
  const user = 1_000 + (index % 4_000);
  const action = ACTIONS[index % ACTIONS.length];
  return `{"id":"0a1b2c3d-4e5f-4a6b-8c7d-${id}","date_create":${second},"action":"${action}","actor":{"type":"user","user":{"id":"U0BENCH${user}","name":"Bench Person ${user}","email":"person.${user}@bench.example","team":"E0BENCH0001"}},"entity":{"type":"file","file":{"id":"F0${id}","name":"quarterly report ${index % 97}.pdf","filetype":"application/pdf","title":"Quarterly report"}},"context":{"location":{"type":"workspace","id":"T0BENCH0002","name":"Bench Workspace","domain":"bench-workspace"},"ua":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36","ip_address":"203.0.113.${index % 250}","session_id":${847288190092 + index}},"details":{"url_private":"https://files.bench.example/${id}"}}`;
}
