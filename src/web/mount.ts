import type { SetupPort } from "./setup-port.ts";

/** The path of the redirect URL below the prefix that the setup page shares with it. */
export function callbackPath(setup: Pick<SetupPort, "redirectUrl" | "setupUrl">): string {
  return new URL(setup.redirectUrl).pathname.slice(prefixOf(setup).length);
}

/**
 * Makes the function that takes the path of a request to the path of its route. A proxy in front may keep the prefix of the
 * redirect URL, take it away, or take a part of it away: all of them lead to the same routes.
 */
export function createRouting(setups: readonly SetupPort[]): (request: Request) => string {
  const mounts = new Set(setups.flatMap((setup) => endsOf(prefixOf(setup))));
  const longestFirst = [...mounts].sort((a, b) => b.length - a.length);
  return ({ url }) => {
    const { pathname } = new URL(url);
    const mount = longestFirst.find((candidate) => pathname.startsWith(`${candidate}/`)) ?? "";
    return pathname.slice(mount.length);
  };
}

/** The way from a page back to the start page, as a relative link: it leads there whatever the prefix is. */
export function linkHome(path: string): string {
  return "../".repeat(path.split("/").length - 2) || "./";
}

function prefixOf({ setupUrl }: Pick<SetupPort, "setupUrl">): string {
  return new URL(setupUrl).pathname.replace(/\/setup\/[^/]*$/, "");
}

/** `/a/b` and `/b` of `/a/b`. */
function endsOf(prefix: string): string[] {
  const segments = prefix.split("/").slice(1);
  return segments.map((_, index) => `/${segments.slice(index).join("/")}`);
}
