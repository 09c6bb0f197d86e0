import { request } from "undici";
import { compress } from "./compress.ts";
import { readTask, urlOfPage } from "./task.ts";

// The floor: what moving the bytes costs. Fetches every page, one ahead, and posts the same bytes unread, several pieces at once.

const PIECE_BYTES = 1_048_576;
const IN_FLIGHT = 4;
/** The cursor stands at the end of a page. */
const TAIL_BYTES = 200;

const task = readTask();
const headers = {
  "content-type": "application/octet-stream",
  ...(task.compression !== "none" && { "content-encoding": task.compression }),
};

let page: Promise<Buffer> | undefined = fetchPage();
while (page) {
  const bytes: Buffer = await page;
  const cursor = /"next_cursor":"([^"]+)"/.exec(bytes.toString("latin1", bytes.length - TAIL_BYTES))?.[1];
  page = cursor ? fetchPage(cursor) : undefined;
  await post(bytes);
}

async function fetchPage(cursor?: string): Promise<Buffer> {
  const { statusCode, body } = await request(urlOfPage(task, cursor));
  if (statusCode !== 200) throw new Error(`Cannot fetch a page: Slack answered ${statusCode}`);
  return Buffer.from(await body.arrayBuffer());
}

async function post(bytes: Buffer): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let start = next; start < bytes.length; start = next) {
      next = start + PIECE_BYTES;
      const piece = await compress[task.compression](bytes.subarray(start, next));
      const { statusCode, body } = await request(task.sinkUrl, { method: "POST", headers, body: piece });
      await body.dump();
      if (statusCode !== 200) throw new Error(`Cannot post: the sink answered ${statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}
