import type { Config, SourceConfig } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import type { ReloadableConfig } from "../config/reloadable-config.ts";
import { createFromManifestLink, manifest } from "../slack/oauth/manifest.ts";
import { type ServerOptions, startServer, type WebServer } from "../web/server.ts";
import type { SetupPort } from "../web/setup-port.ts";
import type { WebDeps } from "../web/web-deps.ts";
import type { SlackAccess } from "./source.ts";

/**
 * Starts the server of the pages, and one for health and metrics if it has its own address. Adds each to `servers` as soon as
 * it listens, so that the caller can close it. Returns the server of the pages; rejects with `ConfigError`.
 */
export async function startServers({ http }: Config, deps: WebDeps, servers: WebServer[]): Promise<WebServer> {
  const { host, port, tls, metrics } = http;
  const start = async (serverDeps: WebDeps, options: ServerOptions) => {
    const server = await startServer(serverDeps, options).catch((error: Error) => {
      throw new ConfigError([error.message]);
    });
    servers.push(server);
    return server;
  };
  if (!metrics) return start(deps, { host, port, tls, serves: "all", key: "http.listen" });
  await start(
    { ...deps, setups: [] },
    { host: metrics.host, port: metrics.port, tls, serves: "health", key: "http.metrics_listen" },
  );
  return start(deps, { host, port, tls, serves: "pages", key: "http.listen" });
}

/** Makes the server use each renewed certificate for new connections. Open connections keep theirs. */
export function renewCertificate(server: WebServer, live: ReloadableConfig): void {
  live.changed().addEventListener("abort", () => {
    server.renewCertificate(live.current().http.tls);
    renewCertificate(server, live);
  });
}

/** Connects the setup pages of one source to its authorization. */
export function setupOf(source: SourceConfig, { authorization }: SlackAccess): SetupPort {
  const yaml = manifest({ redirectUrls: [source.redirectUrl] });
  return {
    source: source.name,
    redirectUrl: source.redirectUrl,
    setupUrl: source.setupUrl,
    slackUrl: source.slackUrl,
    manifestLink: createFromManifestLink(source.slackUrl, yaml),
    needed: authorization.needed,
    opens: authorization.opens,
    begin: authorization.begin,
    began: authorization.began,
    connected: authorization.connected,
    finish: authorization.finish,
    decide: authorization.decide,
  };
}
