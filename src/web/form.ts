import type { Context } from "hono";

const LARGEST_FORM_BYTES = 4 * 1024;

/** A form as a browser sends it, or the status to answer with: what comes may be broken off, too long, or no form at all. */
export async function readForm(c: Context): Promise<URLSearchParams | 400 | 413> {
  const announced = Number(c.req.header("content-length") ?? 0);
  if (announced > LARGEST_FORM_BYTES) return 413;
  if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header("content-type") ?? "")) return 400;
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of c.req.raw.body ?? []) {
      length += chunk.length;
      if (length > LARGEST_FORM_BYTES) return 413;
      chunks.push(chunk);
    }
    return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return 400;
  }
}
