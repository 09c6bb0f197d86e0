import type { ServerResponse } from "node:http";
import type { Listener } from "./connections.ts";
import { contentSecurityPolicy } from "./content-security-policy.ts";
import { isPlainTarget } from "./plain-target.ts";

const METHODS = ["GET", "HEAD", "POST"];

/** Puts the security headers on every answer, and turns away what no route could want. */
export function guard({ secure, next }: { secure: boolean; next: Listener }): Listener {
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    // A browser applies it to every port of the name, which would lock people out of their own machine's other servers.
    if (secure && !/^localhost(:|$)/.test(request.headers.host ?? "")) {
      response.setHeader("strict-transport-security", "max-age=31536000");
    }
    if (!METHODS.includes(request.method ?? "")) {
      return turnAway(response, { status: 405, text: "Method not allowed", headers: { allow: METHODS.join(", ") } });
    }
    if (!isPlainTarget(request.url)) return turnAway(response, { status: 400, text: "Bad request", headers: {} });
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

function turnAway(
  response: ServerResponse,
  { status, text, headers }: { status: number; text: string; headers: Record<string, string> },
): void {
  response.writeHead(status, { ...headers, "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`${text}\n`);
}
