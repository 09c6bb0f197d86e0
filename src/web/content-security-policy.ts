import { createHash } from "node:crypto";
import { STYLE } from "./style.ts";

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/**
 * No script, nothing from elsewhere, never in a frame; forms go to `formTargets` only, which browsers also ask of the
 * redirects that follow a form (w3.org/TR/CSP3/#directive-form-action).
 */
export function contentSecurityPolicy(...formTargets: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    "img-src data:",
    "base-uri 'none'",
    `form-action ${formTargets.join(" ") || "'none'"}`,
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Slack's consent page, and the organisation's own name below the same domain, to which it may redirect on the way. */
export function consentTargets(slackUrl: string): readonly string[] {
  const { origin, protocol, host, hostname } = new URL(slackUrl);
  const named = /\.[a-z-]+$/.test(hostname);
  return ["'self'", origin, ...(named ? [`${protocol}//*.${host}`] : [])];
}
