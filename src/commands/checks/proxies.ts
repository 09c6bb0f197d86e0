import type { Finding } from "./finding.ts";

const NAMES = ["https_proxy", "http_proxy"] as const;

/** Names the proxies that requests go through, without their credentials. */
export function namedProxies(env: NodeJS.ProcessEnv): Finding[] {
  return NAMES.flatMap((name) => {
    const [variable, value] = setVariable(env, name);
    if (!value) return [];
    const [exceptions, list] = setVariable(env, "no_proxy");
    const scheme = name.replace("_proxy", "");
    const except = list ? `, except for the hosts in ${exceptions} and loopback` : ", except for loopback";
    return [
      { what: "proxy", good: `${scheme} requests go through ${withoutCredentials(value)} (${variable})${except}` },
    ];
  });
}

/** The spelling in small letters wins, as in curl. */
function setVariable(env: NodeJS.ProcessEnv, name: string): readonly [variable: string, value: string | undefined] {
  const upper = name.toUpperCase();
  return env[name] === undefined ? [upper, env[upper]] : [name, env[name]];
}

function withoutCredentials(proxy: string): string {
  const address = proxy.includes("://") ? proxy : `http://${proxy}`;
  return URL.canParse(address) ? new URL(address).host : "an address that cannot be read";
}
