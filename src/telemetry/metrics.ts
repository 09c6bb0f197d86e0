import type { MeterProvider } from "@opentelemetry/api";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  AggregationType,
  type IMetricReader,
  type MetricData,
  type MetricProducer,
  type ResourceMetrics,
  MeterProvider as SdkMeterProvider,
} from "@opentelemetry/sdk-metrics";
import type { Report } from "../events.ts";
import type { Seconds } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";
import { createInstruments } from "./instruments.ts";

const SCOPE = "slack-audit-receiver";

/** The sources before their first event. */
export interface MetricsOptions {
  readonly clock: Clock;
  readonly version: string;
  readonly sources: readonly { readonly name: string; readonly authorized: boolean; readonly position?: Seconds }[];
}

/** The metrics of one process. */
export interface Metrics {
  readonly report: Report;
  /** For parts of the SDK that measure themselves, such as `otel.sdk.exporter.*`. */
  readonly meterProvider: MeterProvider;
  /** Returns all metrics in the Prometheus text format 0.0.4. */
  text(): Promise<string>;
}

/** Creates the metrics of the daemon. They are made from the events alone. */
export function createMetrics({ clock, version, sources }: MetricsOptions): Metrics {
  const reader = createPullReader();
  const resource = defaultResource().merge(
    resourceFromAttributes({ "service.name": SCOPE, "service.version": version }),
  );
  const meterProvider = new SdkMeterProvider({ readers: [reader], resource });
  const meter = meterProvider.getMeter(SCOPE, version);
  const record = createInstruments(
    meter,
    sources.map(({ name }) => name),
  );
  const positions = new Map(sources.map(({ name, position }) => [name, position]));
  for (const { name, authorized } of sources) if (authorized) record({ event: "authorized", source: name });

  meter
    .createObservableGauge("slack_audit_receiver.position.lag", {
      description: "Time from the end of the last delivered window to now; 0 before the first",
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

  // Omits the scope labels of each line: there is one scope, and target_info has the version.
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  return {
    meterProvider,
    report(event) {
      record(event);
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

/** Creates a reader that collects only when asked. */
function createPullReader(): IMetricReader {
  let producer: MetricProducer | undefined;
  return {
    setMetricProducer(given) {
      producer = given;
    },
    selectAggregation: () => ({ type: AggregationType.DEFAULT }),
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
    selectCardinalityLimit: () => 2_000,
    async collect(options) {
      if (!producer) throw new Error("Cannot collect metrics: the reader has no provider");
      return producer.collect(options);
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/**
 * Appends units to the names, such as `…_duration_seconds`. The specification requires it and the serializer does not do it
 * (opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics). Units in braces are annotations and are omitted.
 */
function withPrometheusUnits(metrics: ResourceMetrics): ResourceMetrics {
  const scopeMetrics = metrics.scopeMetrics.map((scope) => ({ ...scope, metrics: scope.metrics.map(appendUnit) }));
  return { ...metrics, scopeMetrics };
}

function appendUnit(metric: MetricData): MetricData {
  const unit = metric.descriptor.unit === "s" ? "seconds" : "";
  const name = unit ? `${metric.descriptor.name}.${unit}` : metric.descriptor.name;
  return { ...metric, descriptor: { ...metric.descriptor, name, unit } };
}
