import {
  AggregationTemporality,
  AggregationType,
  type IMetricReader,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";

/** The least that the SDK calls a reader: it collects when asked, and keeps nothing. */
export function pullReader(): IMetricReader {
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
