import type { SinkRecord } from "../sink/sink.ts";

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/** Formats a record as one line: time, severity, action, user, entity and address. */
export function formatRecord({ timeUnixNano, severityNumber, attributes }: SinkRecord): string {
  const text = (...names: string[]) => {
    const value = names.map((name) => attributes[name]).find((found) => found !== undefined);
    return typeof value === "string" ? value : value === undefined ? "" : String(value);
  };
  const time = new Date(Number(timeUnixNano / NANOSECONDS_PER_MILLISECOND)).toISOString().slice(11, 19);
  const level = severityNumber >= 13 ? "WARN" : "INFO";
  const target = text("slack.audit.entity.name", "slack.audit.entity.title", "slack.audit.entity.id");
  return [
    time,
    level,
    text("slack.audit.action").padEnd(36),
    text("user.full_name", "user.id").padEnd(22),
    `${text("slack.audit.entity.type")} ${target}`.padEnd(40),
    text("client.address"),
  ].join("  ");
}
