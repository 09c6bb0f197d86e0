import { createBypass } from "./no-proxy.ts";

/** The proxies that the environment names, and which of them leads to an address. */
export interface Proxies {
  /** The proxy for `http:` addresses, as a URL. */
  readonly http: string | undefined;
  /** The proxy for `https:` addresses, as a URL. */
  readonly https: string | undefined;
  wayTo(url: URL): "direct" | "http" | "https";
}

/** A variable that names a proxy, and what is wrong with it. The value may hold a password and is not in it. */
export interface ProxyProblem {
  readonly variable: string;
  readonly problem: string;
}

/** Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. Lower case wins, and an `http:` proxy serves `https:` where there is no other. */
export function readProxies(env: NodeJS.ProcessEnv): Proxies {
  const http = addressIn(env, "http_proxy");
  const https = addressIn(env, "https_proxy") ?? http;
  const bypasses = createBypass(env.no_proxy ?? env.NO_PROXY ?? "");
  return {
    http,
    https,
    wayTo(url) {
      const way = url.protocol === "https:" ? "https" : "http";
      return bypasses(url) ? "direct" : way;
    },
  };
}

/** What is wrong with the variables that name proxies. */
export function problemsOfProxies(env: NodeJS.ProcessEnv): readonly ProxyProblem[] {
  return ["http_proxy", "https_proxy"].flatMap((name) => {
    const variable = variableOf(env, name);
    const problem = problemOfProxy(complete(env[variable] ?? ""));
    return problem ? [{ variable, problem }] : [];
  });
}

function addressIn(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return complete(env[variableOf(env, name)] ?? "") || undefined;
}

function variableOf(env: NodeJS.ProcessEnv, name: string): string {
  return env[name] === undefined ? name.toUpperCase() : name;
}

/** The address with its scheme, which `curl` and others do not ask for. */
function complete(text: string): string {
  const address = text.trim();
  return address === "" || /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(address) ? address : `http://${address}`;
}

function problemOfProxy(address: string): string | undefined {
  if (address === "") return undefined;
  const example = "write it as http://proxy.example:3128";
  if (/[\s"'<>\\]|\p{Cc}|\uFEFF/u.test(address))
    return `it holds a space, a quotation mark or a control character; ${example}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) return `it is no address of a proxy; ${example}`;
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
