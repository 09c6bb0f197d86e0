import type { Config, SourceConfig } from "./config.ts";

/** The outcome of a reload. Keys are named as in the file. */
export interface ReloadResult {
  readonly config: Config;
  /** Keys whose new values are in use. */
  readonly changed: readonly string[];
  /** Sections with other changes, which need a restart. */
  readonly ignored: readonly string[];
}

/**
 * Takes only secrets and certificates from the fresh configuration. Equal values stay the same object, so that callers can
 * compare by identity. Earlier secrets stay in `secrets`: a response may still contain them.
 */
export function applyReload(old: Config, fresh: Config): ReloadResult {
  const changed: string[] = [];
  const renew = <Value>(key: string, before: Value, after: Value): Value => {
    if (isEqual(before, after)) return before;
    changed.push(key);
    return after;
  };
  const sources = old.sources.map((source) => {
    const next = fresh.sources.find(({ name }) => name === source.name);
    if (!next || usesToken(next) !== usesToken(source)) return source;
    const key = `sources.${source.name}`;
    const token = renew(`${key}.token`, source.token, next.token);
    return { ...source, token, clientSecret: renew(`${key}.client_secret`, source.clientSecret, next.clientSecret) };
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
  return { config, changed, ignored: changedSections(config, fresh) };
}

function usesToken({ token }: SourceConfig): boolean {
  return token !== "";
}

function changedSections(config: Config, fresh: Config): readonly string[] {
  const sections = Object.keys(config).filter((name) => name !== "sources" && name !== "secrets") as (keyof Config)[];
  const names = new Set([...config.sources, ...fresh.sources].map(({ name }) => name));
  const sourceOf = (of: Config, wanted: string) => of.sources.find(({ name }) => name === wanted);
  return [
    ...[...names]
      .filter((name) => !isEqual(sourceOf(config, name), sourceOf(fresh, name)))
      .map((name) => `sources.${name}`),
    ...sections.filter((name) => !isEqual(config[name], fresh[name])).map((name) => SECTION_KEYS[name] ?? name),
  ];
}

const SECTION_KEYS: Readonly<Record<string, string>> = { shutdownGraceMs: "shutdown_grace" };

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
