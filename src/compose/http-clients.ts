import type { Config } from "../config/config.ts";
import type { ReloadableConfig } from "../config/reloadable-config.ts";
import { createHttp, type Http } from "../runtime/http.ts";
import type { Host } from "./host.ts";

const SLACK_TIMEOUT_MS = 120_000;
/** A page of 9,999 entries is 10 to 25 MB. Two pages of 64 MiB and their records fit into the container of config/kubernetes.yaml. */
const MAX_SLACK_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_COLLECTOR_ANSWER_BYTES = 4 * 1024 * 1024;

/** Creates the HTTP client for Slack. */
export function createSlackHttp({ clock, env }: Host): Http {
  return createHttp({ clock, timeoutMs: SLACK_TIMEOUT_MS, maxAnswerBytes: MAX_SLACK_ANSWER_BYTES }, env);
}

/** Creates the HTTP client for the collector. With `live`, each request uses the current certificates. */
export function createCollectorHttp(config: Config, { clock, env }: Host, live?: ReloadableConfig): Http {
  const { timeoutMs } = config.export;
  const tls = () => (live?.current() ?? config).export.tls;
  return createHttp({ clock, tls, timeoutMs, maxAnswerBytes: MAX_COLLECTOR_ANSWER_BYTES }, env);
}
