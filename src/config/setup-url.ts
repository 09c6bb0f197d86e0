/**
 * The part of a redirect URL's path that a proxy in front may have added. It is the path without its last two segments where
 * these are `/oauth/callback`, and else the path without its last segment. A slash at the end makes no segment.
 */
export function pathPrefixOf(redirectUrl: string): string {
  const path = new URL(redirectUrl).pathname.replace(/\/+$/, "");
  return path.replace(/(\/oauth\/callback|\/[^/]*)$/, "");
}

/** The address of a source's setup page, without the key: `setup/<source>` below the redirect URL's own prefix. */
export function setupUrlOf(redirectUrl: string, source: string): string {
  return new URL(`${pathPrefixOf(redirectUrl)}/setup/${encodeURIComponent(source)}`, redirectUrl).href;
}
