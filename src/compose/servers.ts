import type { Config, SourceConfig } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import type { ReloadableConfig } from "../config/reloadable-config.ts";
import { createFromManifestLink, manifest } from "../slack/oauth/manifest.ts";
import type { WebDeps } from "../web/app.ts";
import { type ServerOptions, startServer, type WebServer } from "../web/server.ts";
import type { SetupPort } from "../web/setup-port.ts";
import type { SlackAccess } from "./source.ts";

/** Starts what listens, and adds each to `servers` as soon as it does; returns the one with the pages. */
export async function startServers({ http }: Config, ports: WebDeps, servers: WebServer[]): Promise<WebServer> {
  const { metrics: apart, ...main } = http;
  const start = async (options: ServerOptions) => {
    const server = await startServer(options).catch((error: Error) => {
      throw new ConfigError([error.message]);
    });
    servers.push(server);
    return server;
  };
  if (apart) await start({ ...ports, ...main, ...apart, setups: [], serves: "health", key: "http.metrics_listen" });
  return start({ ...ports, ...main, serves: apart ? "pages" : "all", key: "http.listen" });
}

/** Serves with the certificate of the moment: connections that are open keep the one they have. */
export function renewCertificate(server: WebServer, live: ReloadableConfig): void {
  live.changed().addEventListener("abort", () => {
    server.renewCertificate(live.current().http.tls);
    renewCertificate(server, live);
  });
}

/** The setup pages of one source. */
export function setupOf(source: SourceConfig, { authorization }: SlackAccess): SetupPort {
  const yaml = manifest({ redirectUrls: [source.redirectUrl] });
  return {
    ...authorization,
    source: source.name,
    redirectUrl: source.redirectUrl,
    setupUrl: source.setupUrl,
    slackUrl: source.slackUrl,
    manifestLink: createFromManifestLink(source.slackUrl, yaml),
  };
}
