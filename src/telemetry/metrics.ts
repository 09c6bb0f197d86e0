import type { MeterProvider } from "@opentelemetry/api";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider as SdkMeterProvider } from "@opentelemetry/sdk-metrics";
import type { Report } from "../events.ts";
import type { Seconds } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";
import { createInstruments } from "./instruments.ts";
import { withPrometheusUnits } from "./prometheus-units.ts";
import { pullReader } from "./pull-reader.ts";

const SCOPE = "slack-audit-receiver";

/** What is known before the first event. */
export interface MetricsOptions {
  readonly clock: Clock;
  readonly version: string;
  readonly sources: readonly { readonly name: string; readonly authorized: boolean; readonly position?: Seconds }[];
}

/** The metrics of one process. */
export interface Metrics {
  readonly report: Report;
  /** For the SDK parts that measure themselves, such as the exporter's `otel.sdk.exporter.*`. */
  readonly meterProvider: MeterProvider;
  /** The Prometheus text format 0.0.4. */
  text(): Promise<string>;
}

/** The metrics are a reading of the events: nothing else feeds ours. */
export function createMetrics({ clock, version, sources }: MetricsOptions): Metrics {
  const reader = pullReader();
  const resource = defaultResource().merge(
    resourceFromAttributes({ "service.name": SCOPE, "service.version": version }),
  );
  const meterProvider = new SdkMeterProvider({ readers: [reader], resource });
  const meter = meterProvider.getMeter(SCOPE, version);
  const count = createInstruments(
    meter,
    sources.map(({ name }) => name),
  );
  const positions = new Map(sources.map(({ name, position }) => [name, position]));
  for (const { name, authorized } of sources) if (authorized) count({ event: "authorized", source: name });

  meter
    .createObservableGauge("slack_audit_receiver.position.lag", {
      description: "How far the end of the last delivered window is behind now; 0 before the first",
      unit: "s",
    })
    .addCallback((result) => {
      for (const [source, position] of positions) {
        result.observe(position === undefined ? 0 : Math.max(0, clock.now() / 1_000 - position), { source });
      }
    });
  meter
    .createGauge("slack_audit_receiver.build_info", { description: "Always 1; the version is an attribute" })
    .record(1, { version });

  // Without the scope as labels of every line: there is one scope, and target_info has the version.
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  return {
    meterProvider,
    report(event) {
      count(event);
      if (event.event === "window_delivered" || event.event === "position_corrected")
        positions.set(event.source, event.to);
      if (event.event === "collection_starts") positions.set(event.source, event.at);
    },
    async text() {
      const { resourceMetrics } = await reader.collect();
      return serializer.serialize(withPrometheusUnits(resourceMetrics));
    },
  };
}
