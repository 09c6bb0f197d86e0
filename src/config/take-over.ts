import type { Config, SourceConfig } from "./config.ts";

/** What became of a configuration that was read again. Keys are named as in the file. */
export interface TakenOver {
  readonly config: Config;
  /** The keys whose values are new. */
  readonly changed: readonly string[];
  /** The sections in which something else has changed: that needs a restart. */
  readonly ignored: readonly string[];
}

/**
 * Takes secrets and certificates from a configuration that was read again, and nothing else. What is the same stays the same
 * object. Earlier secrets stay listed: they may still stand in an answer.
 */
export function takeOver(old: Config, fresh: Config): TakenOver {
  const changed: string[] = [];
  const renew = <Value>(key: string, before: Value, after: Value): Value => {
    if (same(before, after)) return before;
    changed.push(key);
    return after;
  };
  const sources = old.sources.map((source) => {
    const next = fresh.sources.find(({ name }) => name === source.name);
    if (!next || usesToken(next) !== usesToken(source)) return source;
    const at = `sources.${source.name}`;
    const token = renew(`${at}.token`, source.token, next.token);
    return { ...source, token, clientSecret: renew(`${at}.client_secret`, source.clientSecret, next.clientSecret) };
  });
  const headers = renew("export.headers", old.export.headers, fresh.export.headers);
  const exportTls = renew("export.tls", old.export.tls, fresh.export.tls);
  const isSecure = ({ http: { tls } }: Config) => tls.cert !== undefined;
  const httpTls = isSecure(old) === isSecure(fresh) ? renew("http.tls", old.http.tls, fresh.http.tls) : old.http.tls;
  const config: Config = {
    ...old,
    sources,
    export: { ...old.export, headers, tls: exportTls },
    http: { ...old.http, tls: httpTls },
    secrets: [...new Set([...old.secrets, ...fresh.secrets])],
  };
  return { config, changed, ignored: differences(config, fresh) };
}

function usesToken({ token }: SourceConfig): boolean {
  return token !== "";
}

function differences(config: Config, fresh: Config): readonly string[] {
  const sections = Object.keys(config).filter((name) => name !== "sources" && name !== "secrets") as (keyof Config)[];
  const names = new Set([...config.sources, ...fresh.sources].map(({ name }) => name));
  const sourceOf = (of: Config, wanted: string) => of.sources.find(({ name }) => name === wanted);
  return [
    ...[...names]
      .filter((name) => !same(sourceOf(config, name), sourceOf(fresh, name)))
      .map((name) => `sources.${name}`),
    ...sections.filter((name) => !same(config[name], fresh[name])).map((name) => SECTION_KEYS[name] ?? name),
  ];
}

const SECTION_KEYS: Readonly<Record<string, string>> = { shutdownGraceMs: "shutdown_grace" };

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
