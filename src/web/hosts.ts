import type { SetupPort } from "./setup-port.ts";

/** The names under which this server may be reached. A name that somebody else points at this address gets nothing (DNS rebinding). */
export interface Hosts {
  /** Whether a page may be shown. Any port will do, since a name is what an attacker points here. */
  isKnown(host: string | undefined): boolean;
  /** Whether a setup may be shown, whose cookies are bound to the address. */
  isSetup(host: string | undefined, setup: SetupPort): boolean;
}

/** What is known of the server's addresses. */
export interface HostsOptions {
  /** The host of the address that the server listens on. */
  readonly listensOn: string;
  /** The port, once it is known. */
  readonly port: () => number;
  readonly setups: readonly SetupPort[];
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/;
const IP_LITERAL = /^(\[.*\]|\d{1,3}(\.\d{1,3}){3})$/;

/** Goes by the `Host` header alone: `X-Forwarded-Host` may be anybody's. An address instead of a name cannot be rebound. */
export function createHosts({ listensOn, port, setups }: HostsOptions): Hosts {
  const bracketed = listensOn.includes(":") ? `[${listensOn}]` : listensOn.toLowerCase();
  const local = new Set(["localhost", bracketed]);
  const known = new Set([...local, ...setups.map(({ redirectUrl }) => new URL(redirectUrl).hostname)]);
  return {
    isKnown(host) {
      const name = partsOf(host)?.name;
      return name !== undefined && (known.has(name) || IP_LITERAL.test(name));
    },
    isSetup(host, { redirectUrl }) {
      const parts = partsOf(host);
      if (!parts) return false;
      const url = new URL(redirectUrl);
      const usual = url.protocol === "https:" ? "443" : "80";
      if (parts.name === url.hostname && (parts.port || usual) === (url.port || usual)) return true;
      return (local.has(parts.name) || IP_LITERAL.test(parts.name)) && (parts.port || "80") === String(port());
    },
  };
}

function partsOf(host: string | undefined): { name: string; port: string } | undefined {
  const [, name, port = ""] = HOST.exec(host?.toLowerCase() ?? "") ?? [];
  return name === undefined ? undefined : { name, port };
}
