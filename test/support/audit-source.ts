import type { Event } from "../../src/events.ts";
import type { Source } from "../../src/model.ts";
import { createResourceOf } from "../../src/slack/audit/mapping/resource.ts";
import { type AuditSourceOptions, createAuditSource } from "../../src/slack/audit/walk/source.ts";
import { openPages } from "./open-page.ts";

/** The options that a test must give; the others have defaults. */
export type SourceSetting = Pick<AuditSourceOptions, "client" | "authorization" | "clock"> &
  Partial<AuditSourceOptions>;

export const POLL_MS = 60_000;
export const PROBE_MS = 300_000;
export const LOOKBACK = 900;

/** Creates a source as the daemon composes it. */
export function auditSource(setting: SourceSetting): Source {
  return createAuditSource({
    source: "acme",
    limits: { lookback: LOOKBACK, maxWindow: 3_600 },
    startAt: { secondsBack: 0 },
    pageSize: 1_000,
    pollIntervalMs: POLL_MS,
    probeMs: PROBE_MS,
    wants: () => true,
    trim: () => {},
    openPage: openPages(),
    resourceOf: createResourceOf("acme", {}),
    random: { bytes: (count) => Buffer.alloc(count), fraction: () => 0 },
    report: (_event: Event) => {},
    ...setting,
  });
}
