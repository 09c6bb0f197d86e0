import type { SetupPort } from "./setup-port.ts";

/**
 * Whether a request came by a name that this server goes by. A name that somebody else points at this address must not get
 * the setup (DNS rebinding).
 */
export function isOwnHost(host: string | undefined, setup: SetupPort, localHosts: readonly string[]): boolean {
  if (host === undefined) return false;
  const name = host.toLowerCase();
  return name === new URL(setup.redirectUrl).host || localHosts.includes(name);
}
