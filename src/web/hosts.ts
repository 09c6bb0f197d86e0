import type { SetupPort } from "./setup-port.ts";

/** The host names that this server answers to. Rejecting all others prevents DNS rebinding. */
export interface Hosts {
  /** Whether any page may be shown. The port is not compared: an attacker controls a name, not a port. */
  isKnown(host: string | undefined): boolean;
  /** Whether a setup may be shown. The port is compared, because the setup has to run on the address of its redirect URL. */
  isSetup(host: string | undefined, setup: SetupPort): boolean;
}

/** The server's own address and its setups. */
export interface HostsOptions {
  /** The host of `http.listen`. */
  readonly listensOn: string;
  /** The port that the server is bound to. */
  readonly port: () => number;
  readonly setups: readonly SetupPort[];
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/;
const IP_LITERAL = /^(\[.*\]|\d{1,3}(\.\d{1,3}){3})$/;

/** Checks the `Host` header only: any client can set `X-Forwarded-Host`. IP addresses are accepted, since DNS cannot rebind them. */
export function createHosts({ listensOn, port, setups }: HostsOptions): Hosts {
  const bracketed = listensOn.includes(":") ? `[${listensOn}]` : listensOn.toLowerCase();
  const local = new Set(["localhost", bracketed]);
  const known = new Set([...local, ...setups.map(({ redirectUrl }) => new URL(redirectUrl).hostname)]);
  return {
    isKnown(host) {
      const name = parseHost(host)?.name;
      return name !== undefined && (known.has(name) || IP_LITERAL.test(name));
    },
    isSetup(host, { redirectUrl }) {
      const parts = parseHost(host);
      if (!parts) return false;
      const url = new URL(redirectUrl);
      const defaultPort = url.protocol === "https:" ? "443" : "80";
      if (parts.name === url.hostname && (parts.port || defaultPort) === (url.port || defaultPort)) return true;
      return (local.has(parts.name) || IP_LITERAL.test(parts.name)) && (parts.port || "80") === String(port());
    },
  };
}

function parseHost(host: string | undefined): { name: string; port: string } | undefined {
  const [, name, port = ""] = HOST.exec(host?.toLowerCase() ?? "") ?? [];
  return name === undefined ? undefined : { name, port };
}
