import { problemOfCharacters } from "./characters.ts";
import { pathPrefixOf } from "./setup-url.ts";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Paths of the receiver's own pages, which the redirect of Slack cannot share. `/setup` has pages below it. */
const OWN_PATHS = /^\/(healthz|readyz|metrics|status\.json|setup(\/.*)?)?$/;

/** What is wrong with the address of a collector, if anything. */
export function problemOfUrl(text: string): string | undefined {
  // The parser of URLs would leave out line breaks, and encode the rest.
  const problem = problemOfCharacters(text);
  if (problem) return problem;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return "must be a URL that begins with http:// or https://";
  if (url.username || url.password) return "must not hold a user name or password; put the credentials into headers";
  if (url.hash) return "must not hold a fragment; leave out # and what follows";
  return undefined;
}

/** What is wrong with an address that a token travels to, if anything. */
export function problemOfSecureUrl(text: string): string | undefined {
  const problem = problemOfUrl(text);
  if (problem) return problem;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || LOOPBACK.test(hostname)
    ? undefined
    : "must begin with https:// unless it is loopback";
}

/** The longest redirect URL that Slack takes (github.com/slackapi/manifest-schema). */
const LONGEST_REDIRECT_URL = 2_500;

/** Characters that a URL cannot hold as they are (RFC 3986 §2): the parser would drop or rewrite them, and Slack compares the text. */
const NOT_IN_URLS = /[^!#-&(-;=?-Z[\]_a-z~]/;

/** What is wrong with the redirect URL of an app, if anything. */
export function problemOfRedirectUrl(text: string): string | undefined {
  const problem = problemOfCharacters(text);
  if (problem) return problem;
  if (NOT_IN_URLS.test(text)) return "holds a character that a URL cannot hold; percent-encode it";
  if (text.length > LONGEST_REDIRECT_URL)
    return `must have at most ${LONGEST_REDIRECT_URL} characters; choose a shorter path`;
  const insecure = problemOfSecureUrl(text);
  if (insecure) return insecure;
  const { pathname } = new URL(text);
  // A proxy may take the prefix away: what is left must not be one of our pages either.
  const bare = pathname.slice(pathPrefixOf(text).length);
  if (!OWN_PATHS.test(pathname) && !OWN_PATHS.test(bare)) return undefined;
  return "must not have the path of one of the receiver's own pages; give it one such as /oauth/callback";
}

/** The same address with `path` after its own path, whether that ends with a slash or not. */
export function appendPath(base: string, path: string): string {
  const url = new URL(base);
  url.pathname = url.pathname.replace(/\/*$/, path);
  return url.href;
}
