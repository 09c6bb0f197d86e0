import { createBypass } from "./no-proxy.ts";

/** The proxies that the environment names. */
export interface Proxies {
  /** The proxy for `http:` addresses, as a URL. */
  readonly http: string | undefined;
  /** The proxy for `https:` addresses, as a URL. */
  readonly https: string | undefined;
  /** Selects the proxy for a URL, or `direct` when `NO_PROXY` covers it. */
  routeOf(url: URL): "direct" | "http" | "https";
}

/** A variable with an unusable proxy. Leaves out the value, which may hold a password. */
export interface ProxyProblem {
  readonly variable: string;
  readonly problem: string;
}

/** Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. Lower case wins. The `http:` proxy serves `https:` if that has none. */
export function readProxies(env: NodeJS.ProcessEnv): Proxies {
  const http = proxyIn(env, "http_proxy");
  const https = proxyIn(env, "https_proxy") ?? http;
  const bypasses = createBypass(env.no_proxy ?? env.NO_PROXY ?? "");
  return {
    http,
    https,
    routeOf(url) {
      const scheme = url.protocol === "https:" ? "https" : "http";
      return bypasses(url) ? "direct" : scheme;
    },
  };
}

/** Lists the variables with an unusable proxy. */
export function problemsOfProxies(env: NodeJS.ProcessEnv): readonly ProxyProblem[] {
  return ["http_proxy", "https_proxy"].flatMap((name) => {
    const variable = variableOf(env, name);
    const problem = problemOfProxy(addScheme(env[variable] ?? ""));
    return problem ? [{ variable, problem }] : [];
  });
}

function proxyIn(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return addScheme(env[variableOf(env, name)] ?? "") || undefined;
}

function variableOf(env: NodeJS.ProcessEnv, name: string): string {
  return env[name] === undefined ? name.toUpperCase() : name;
}

/** Adds the scheme, which `curl` and others make optional. */
function addScheme(text: string): string {
  const address = text.trim();
  return address === "" || /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(address) ? address : `http://${address}`;
}

function problemOfProxy(address: string): string | undefined {
  if (address === "") return undefined;
  const example = "write it as http://proxy.example:3128";
  if (/[\s"'<>\\]|\p{Cc}|\uFEFF/u.test(address))
    return `it holds a space, a quotation mark or a control character; ${example}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) return `it is not a proxy address; ${example}`;
  if (!/^https?:$/.test(url.protocol)) {
    return `a proxy with the scheme ${url.protocol.slice(0, -1)} is not supported; name one that speaks HTTP, such as http://proxy.example:3128`;
  }
  if (url.hostname === "") return `it has no host; ${example}`;
  if (url.pathname !== "/" || url.search || url.hash) return `it has more than a host and a port; ${example}`;
  return canDecode(url.username) && canDecode(url.password)
    ? undefined
    : "its user name or password has a % that begins no percent-encoded character; write %25 for a percent sign";
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
