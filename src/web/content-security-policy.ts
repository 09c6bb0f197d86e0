import { createHash } from "node:crypto";
import { STYLE } from "./style.ts";

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/**
 * Allows no script, no foreign content and no frame. Forms go to `formTargets` only; browsers check the redirects after a form
 * against them too (w3.org/TR/CSP3/#directive-form-action).
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

/** The form targets of the setup page: Slack's consent page, and the organisation's subdomain, to which Slack may redirect. */
export function consentTargets(slackUrl: string): readonly string[] {
  const { origin, protocol, host, hostname } = new URL(slackUrl);
  const isDomainName = /\.[a-z-]+$/.test(hostname);
  return ["'self'", origin, ...(isDomainName ? [`${protocol}//*.${host}`] : [])];
}
