import type { Clock } from "../runtime/clock.ts";
import { completeValues } from "./complete-values.ts";
import type { SourceConfig, StartAt } from "./config.ts";
import type { Faults } from "./faults.ts";
import { matchSchema } from "./match-schema.ts";
import type { Pair, Values } from "./option.ts";
import { parseStartAt } from "./scalars.ts";
import { sourceSchema } from "./source-schema.ts";
import { setupUrlOf } from "./url.ts";
import { isYamlMap, type YamlNode } from "./yaml.ts";

/** Names are used in file paths and URLs. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
/** Slack's audit logs begin in March 2018 (docs.slack.dev, "Audit Logs API"). */
const FIRST_ENTRY_SECONDS = Date.UTC(2018, 2, 1) / 1_000;
const OAUTH_KEYS = ["client_id", "client_secret", "redirect_url"] as const;

/** The clock, and the collection for the faults of a source. */
export interface SourceOptions {
  readonly clock: Pick<Clock, "now">;
  readonly faults: Faults;
}

/** Checks one section of `sources` and adds the defaults. */
export function readSource([name, node]: Pair<YamlNode>, { clock, faults }: SourceOptions): SourceConfig {
  const prefix = `sources.${name}.`;
  if (!NAME.test(name)) {
    faults.add(
      `sources.${name}`,
      "a source's name must be 1 to 63 letters, digits, _ and -, beginning with a letter or digit",
    );
  }
  if (node !== null && !isYamlMap(node)) faults.add(`sources.${name}`, "must be a section; write its keys below it");
  const given = matchSchema(isYamlMap(node) ? node : {}, sourceSchema, { prefix, faults });
  const values = completeValues(sourceSchema, given, { prefix, faults });
  checkAuthorization(values, { name, faults });
  checkWindow(values, { prefix, faults });
  return {
    name,
    clientId: values.client_id,
    clientSecret: values.client_secret,
    redirectUrl: values.redirect_url,
    setupUrl: URL.canParse(values.redirect_url) ? setupUrlOf(values.redirect_url, name) : "",
    token: values.token,
    enterpriseId: values.enterprise_id,
    slackUrl: values.slack_url.replace(/\/+$/, ""),
    auditUrl: values.audit_url.replace(/\/+$/, ""),
    pollIntervalMs: values.poll_interval,
    startAt: readStartAt(values.start_at, { prefix, clock, faults }),
    lookbackSeconds: values.lookback,
    maxWindowSeconds: values.max_window,
    pageSize: values.page_size,
    requestsPerMinute: values.requests_per_minute,
    includeActions: values.include_actions,
    excludeActions: values.exclude_actions,
  };
}

type SourceValues = Values<typeof sourceSchema>;

function checkAuthorization(values: SourceValues, { name, faults }: { name: string; faults: Faults }): void {
  const key = `sources.${name}`;
  if (faults.touches(...["token", ...OAUTH_KEYS].map((part) => `${key}.${part}`))) return;
  const given = OAUTH_KEYS.filter((part) => values[part] !== "");
  if (values.token && given.length > 0) {
    faults.add(key, `there are both a token and ${given.join(", ")}; keep the token, or the three keys of OAuth`);
  }
  if (values.token) return;
  const missing = OAUTH_KEYS.filter((part) => values[part] === "");
  if (missing.length === OAUTH_KEYS.length) {
    faults.add(key, "there is neither a token nor client_id, client_secret and redirect_url; give one or the other");
  } else if (missing.length > 0) {
    const verb = missing.length > 1 ? "are" : "is";
    faults.add(
      key,
      `${missing.join(" and ")} ${verb} missing; give client_id, client_secret and redirect_url, or a token`,
    );
  }
}

function checkWindow(values: SourceValues, { prefix, faults }: { prefix: string; faults: Faults }): void {
  if (values.max_window > values.lookback || faults.touches(`${prefix}max_window`, `${prefix}lookback`)) return;
  // A window begins `lookback` before the position. With an equal length it would end at the position.
  faults.add(
    `${prefix}max_window`,
    "must be longer than lookback, or the position would never move; raise it or lower lookback",
  );
}

function readStartAt(text: string, { prefix, clock, faults }: SourceOptions & { prefix: string }): StartAt {
  const startAt = parseStartAt(text) ?? { secondsBack: 0 };
  const nowSeconds = Math.floor(clock.now() / 1_000);
  if ("secondsBack" in startAt) {
    return { secondsBack: Math.max(0, Math.min(startAt.secondsBack, nowSeconds - FIRST_ENTRY_SECONDS)) };
  }
  if (startAt.at > nowSeconds)
    faults.add(`${prefix}start_at`, "the time is in the future; write an earlier one, or now");
  return { at: Math.max(startAt.at, FIRST_ENTRY_SECONDS) };
}
