import type { ServerResponse } from "node:http";
import type { Listener } from "./connections.ts";
import { contentSecurityPolicy } from "./content-security-policy.ts";

const METHODS = ["GET", "HEAD", "POST"];

/** Sets the security headers on every answer, and rejects requests that no route accepts. */
export function guard({ secure, next }: { secure: boolean; next: Listener }): Listener {
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    // Browsers apply HSTS to every port of a name: on localhost it would block other local servers.
    if (secure && !/^localhost(:|$)/.test(request.headers.host ?? "")) {
      response.setHeader("strict-transport-security", "max-age=31536000");
    }
    if (!METHODS.includes(request.method ?? "")) {
      return reject(response, { status: 405, text: "Method not allowed", headers: { allow: METHODS.join(", ") } });
    }
    if (!isPlainTarget(request.url)) return reject(response, { status: 400, text: "Bad request", headers: {} });
    return next(request, response);
  };
}

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy(),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

function reject(
  response: ServerResponse,
  { status, text, headers }: { status: number; text: string; headers: Record<string, string> },
): void {
  response.writeHead(status, { ...headers, "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`${text}\n`);
}

/**
 * Whether a proxy and this server read the target as the same path. Rejects the absolute form, which contains a host,
 * and paths with `..`, empty segments or encoded slashes.
 */
function isPlainTarget(target: string | undefined): boolean {
  if (!target?.startsWith("/") || /%(?![0-9a-f]{2})/i.test(target)) return false;
  const [path = ""] = target.split("?", 1);
  const segments = path.slice(1).split("/");
  return segments.every((segment, index) => isPlain(segment) && (segment !== "" || index === segments.length - 1));
}

function isPlain(segment: string): boolean {
  try {
    const text = decodeURIComponent(segment);
    return text !== "." && text !== ".." && !/[/\\?#\p{Cc}]/u.test(text) && !/[^\x21-\x7e]/.test(segment);
  } catch {
    return false;
  }
}
