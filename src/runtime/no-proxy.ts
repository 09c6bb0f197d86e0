import { BlockList, isIP } from "node:net";

/**
 * Reads a `NO_PROXY` list, separated by commas or white space, and returns whether it covers an address. An entry is `*`, a
 * host name (with those below it; a leading `.` or `*.` changes nothing but that `*.` leaves out the name itself), an IP
 * address or a range such as `10.0.0.0/8`, each with a port where it counts for that alone. Loopback is always covered.
 * Names are not resolved.
 */
export function createBypass(list: string): (url: URL) => boolean {
  const entries = list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .map(parseEntry);
  return (url) => {
    const host = plain(url.hostname);
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
  // An IPv6 address without brackets has colons of its own and no port.
  return { port, covers: coverOf(bracketed ?? (name || text)) };
}

function coverOf(name: string): (host: string) => boolean {
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
  const domain = plain(name.replace(/^\*?\./, ""));
  if (domain === "") return () => false;
  return (host) => host.endsWith(`.${domain}`) || (host === domain && !name.startsWith("*."));
}

/** All of 127.0.0.0/8, ::1, and the names that RFC 6761 §6.3 keeps for loopback. */
function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version > 0) return LOOPBACK.check(host, version === 4 ? "ipv4" : "ipv6");
  return host === "localhost" || host.endsWith(".localhost");
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** A host without brackets, in lower case, without the dot of the root. */
function plain(host: string): string {
  return host
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/(?<=.)\.$/, "")
    .toLowerCase();
}
