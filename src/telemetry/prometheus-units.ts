import type { MetricData, ResourceMetrics } from "@opentelemetry/sdk-metrics";

/**
 * Puts the unit at the end of the names, as Prometheus users know it: `…_duration_seconds`. The specification of the
 * translation asks for it (opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics); the serializer does
 * not do it. Units in braces are annotations and go away.
 */
export function withPrometheusUnits(metrics: ResourceMetrics): ResourceMetrics {
  const scopeMetrics = metrics.scopeMetrics.map((one) => ({ ...one, metrics: one.metrics.map(renamed) }));
  return { ...metrics, scopeMetrics };
}

function renamed(metric: MetricData): MetricData {
  const unit = metric.descriptor.unit === "s" ? "seconds" : "";
  const name = unit ? `${metric.descriptor.name}.${unit}` : metric.descriptor.name;
  return { ...metric, descriptor: { ...metric.descriptor, name, unit } };
}
