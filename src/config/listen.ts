/** An address to listen on. */
export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port`, `[::1]:8080` or `:8080` (every IPv4 address); port 0 lets the system choose. Undefined for anything else. */
export function parseListen(text: string): Listen | undefined {
  const [, ipv6, name, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return port <= 65_535 ? { host: ipv6 ?? (name || "0.0.0.0"), port } : undefined;
}
