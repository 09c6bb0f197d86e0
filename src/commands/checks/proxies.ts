import { readProxies } from "../../runtime/proxies.ts";
import type { Finding } from "./finding.ts";

/** Names the proxies that requests go through, without their credentials. */
export function namedProxies(env: NodeJS.ProcessEnv): Finding[] {
  const { http, https } = readProxies(env);
  return [
    ["https", https],
    ["http", http],
  ].flatMap(([scheme, proxy]) => {
    if (proxy === undefined) return [];
    const good = `${scheme} requests go through ${new URL(proxy).host}, except for loopback and NO_PROXY`;
    return [{ what: "proxy", good }];
  });
}
