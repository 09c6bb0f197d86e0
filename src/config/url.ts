import { problemOfCharacters } from "./characters.ts";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Paths of the receiver's own pages. A redirect URL cannot use them. */
const OWN_PATHS = /^\/(healthz|readyz|metrics|status\.json|setup(\/.*)?)?$/;

/** What is wrong with the URL of a collector, if anything. */
export function problemOfUrl(text: string): string | undefined {
  // The URL parser drops line breaks and encodes other characters, so check them first.
  const problem = problemOfCharacters(text);
  if (problem) return problem;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return "must be a URL that begins with http:// or https://";
  if (url.username || url.password) return "must not hold a user name or password; put the credentials into headers";
  if (url.hash) return "must not hold a fragment; leave out # and what follows";
  return undefined;
}

/** As `problemOfUrl`, for a URL that receives a token: https, or http to loopback. */
export function problemOfSecureUrl(text: string): string | undefined {
  const problem = problemOfUrl(text);
  if (problem) return problem;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || LOOPBACK.test(hostname)
    ? undefined
    : "must begin with https:// unless it is loopback";
}

/** Slack's limit (github.com/slackapi/manifest-schema). */
const MAX_REDIRECT_URL_LENGTH = 2_500;

/** Characters that must be percent-encoded (RFC 3986 §2). The parser would rewrite them, and Slack compares the text. */
const NOT_IN_URLS = /[^!#-&(-;=?-Z[\]_a-z~]/;

/** As `problemOfSecureUrl`, for the redirect URL of an app. */
export function problemOfRedirectUrl(text: string): string | undefined {
  const problem = problemOfCharacters(text);
  if (problem) return problem;
  if (NOT_IN_URLS.test(text)) return "holds a character that a URL cannot hold; percent-encode it";
  if (text.length > MAX_REDIRECT_URL_LENGTH)
    return `must have at most ${MAX_REDIRECT_URL_LENGTH} characters; choose a shorter path`;
  const insecure = problemOfSecureUrl(text);
  if (insecure) return insecure;
  const { pathname } = new URL(text);
  // A proxy may strip the prefix. The rest must not be one of our pages either.
  const withoutPrefix = pathname.slice(pathPrefixOf(text).length);
  if (!OWN_PATHS.test(pathname) && !OWN_PATHS.test(withoutPrefix)) return undefined;
  return "must not have the path of one of the receiver's own pages; give it one such as /oauth/callback";
}

/** Appends a path to a URL's own path, with one slash between. */
export function appendPath(base: string, path: string): string {
  const url = new URL(base);
  url.pathname = url.pathname.replace(/\/*$/, path);
  return url.href;
}

/**
 * The part of a redirect URL's path that a proxy may have added: the path without `/oauth/callback` at its end, else
 * without its last segment. Ignores trailing slashes.
 */
export function pathPrefixOf(redirectUrl: string): string {
  const path = new URL(redirectUrl).pathname.replace(/\/+$/, "");
  return path.replace(/(\/oauth\/callback|\/[^/]*)$/, "");
}

/** The URL of a source's setup page without its key: `setup/<source>` below the prefix of the redirect URL. */
export function setupUrlOf(redirectUrl: string, source: string): string {
  return new URL(`${pathPrefixOf(redirectUrl)}/setup/${encodeURIComponent(source)}`, redirectUrl).href;
}
