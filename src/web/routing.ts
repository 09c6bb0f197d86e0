import type { SetupPort } from "./setup-port.ts";

/** The path of the redirect URL without the prefix that it shares with the setup URL. */
export function callbackPath(setup: Pick<SetupPort, "redirectUrl" | "setupUrl">): string {
  return new URL(setup.redirectUrl).pathname.slice(prefixOf(setup).length);
}

/**
 * Returns a function from a request to the path of its route. A proxy in front may keep the prefix of the redirect URL, or
 * remove all or part of it: each of these leads to the same route.
 */
export function createRouting(setups: readonly SetupPort[]): (request: Request) => string {
  const prefixes = new Set(setups.flatMap((setup) => suffixesOf(prefixOf(setup))));
  const longestFirst = [...prefixes].sort((a, b) => b.length - a.length);
  return ({ url }) => {
    const { pathname } = new URL(url);
    const prefix = longestFirst.find((candidate) => pathname.startsWith(`${candidate}/`)) ?? "";
    return pathname.slice(prefix.length);
  };
}

/** The relative link from a path to the start page. It works behind any prefix. */
export function linkHome(path: string): string {
  return "../".repeat(path.split("/").length - 2) || "./";
}

function prefixOf({ setupUrl }: Pick<SetupPort, "setupUrl">): string {
  return new URL(setupUrl).pathname.replace(/\/setup\/[^/]*$/, "");
}

/** `/a/b` gives `/a/b` and `/b`. */
function suffixesOf(prefix: string): string[] {
  const segments = prefix.split("/").slice(1);
  return segments.map((_, index) => `/${segments.slice(index).join("/")}`);
}
