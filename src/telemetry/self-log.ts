import { type AnyValue, SeverityNumber } from "@opentelemetry/api";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { type Level, levelOf, type Report } from "../events.ts";

const SEVERITY: Readonly<Record<Level, SeverityNumber>> = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
};

/** The collector that receives the log. */
export interface SelfLogOptions {
  readonly url: string;
  /** Called before each request: values may be renewed. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly version: string;
}

/**
 * Creates the daemon's own log at the collector. The SDK's stock pipeline may drop records under load or in an outage, which
 * is acceptable for this log.
 */
export function createSelfLog({ url, headers, version }: SelfLogOptions): { report: Report; close(): Promise<void> } {
  const name = "slack-audit-receiver";
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": name, "service.version": version }),
    processors: [
      new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url, headers: async () => ({ ...headers() }) }) }),
    ],
  });
  const logger = provider.getLogger(name, version);
  return {
    report(event) {
      const level = levelOf(event);
      if (level === "debug") return;
      const { event: eventName, ...attributes } = event;
      const body = eventName.replaceAll("_", " ");
      logger.emit({
        eventName: `slack_audit_receiver.${eventName}`,
        severityNumber: SEVERITY[level],
        severityText: level,
        body,
        attributes: attributes as Record<string, AnyValue>,
      });
    },
    close: () => provider.shutdown(),
  };
}
