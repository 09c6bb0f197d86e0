import { BlockList, isIP } from "node:net";

/**
 * Parses a `NO_PROXY` list, separated by commas or white space. The result reports whether the list covers a URL. An entry is
 * `*`, an IP address, a range such as `10.0.0.0/8`, or a host name, which covers its subdomains: `.name` means the same, and
 * `*.name` only the subdomains. An entry with a port covers that port alone. Loopback is always covered. Resolves no names.
 */
export function createBypass(list: string): (url: URL) => boolean {
  const entries = list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .map(parseEntry);
  return (url) => {
    const host = normalizeHost(url.hostname);
    const port = url.port || (url.protocol === "https:" ? "443" : "80");
    return isLoopback(host) || entries.some((entry) => (entry.port ?? port) === port && entry.covers(host));
  };
}

interface Entry {
  readonly port: string | undefined;
  covers(host: string): boolean;
}

function parseEntry(text: string): Entry {
  const [, bracketed, name = "", port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? [];
  // An IPv6 address without brackets has no port.
  return { port, covers: matcherOf(bracketed ?? (name || text)) };
}

function matcherOf(name: string): (host: string) => boolean {
  if (name === "*") return () => true;
  const [address = "", bits] = name.split("/");
  const version = isIP(address);
  if (version > 0) {
    const range = new BlockList();
    const family = version === 4 ? "ipv4" : "ipv6";
    const longest = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? longest : Number(bits);
    if (!/^\d{1,3}$/.test(bits ?? "0") || prefix > longest) return () => false;
    range.addSubnet(address, prefix, family);
    return (host) => isIP(host) > 0 && range.check(host, isIP(host) === 4 ? "ipv4" : "ipv6");
  }
  const domain = normalizeHost(name.replace(/^\*?\./, ""));
  if (domain === "") return () => false;
  return (host) => host.endsWith(`.${domain}`) || (host === domain && !name.startsWith("*."));
}

/** 127.0.0.0/8, ::1, and the names that RFC 6761 §6.3 reserves for loopback. */
function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version > 0) return LOOPBACK.check(host, version === 4 ? "ipv4" : "ipv6");
  return host === "localhost" || host.endsWith(".localhost");
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Removes brackets and a trailing dot, and lower-cases the host. */
function normalizeHost(host: string): string {
  return host
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/(?<=.)\.$/, "")
    .toLowerCase();
}
