import { type Attributes, type Meter, ValueType } from "@opentelemetry/api";
import type { Event, Target } from "../events.ts";
import type { UnknownNameKind } from "../model.ts";

const PREFIX = "slack_audit_receiver";
const ENTRY = { unit: "{entry}", valueType: ValueType.INT };
const TARGETS: readonly Target[] = ["slack", "collector", "state", "dead_letters"];
const UNKNOWN_NAME_KINDS: readonly UnknownNameKind[] = ["action", "entity_type", "member"];
/** The buckets of the HTTP semantic conventions (opentelemetry.io/docs/specs/semconv/http/http-metrics). */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const WINDOW_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

/** Creates the instruments of the daemon. Each starts with zero for every source. Returns the function that records an event. */
export function createInstruments(meter: Meter, sources: readonly string[]): (event: Event) => void {
  const entries = (name: string, description: string) =>
    meter.createCounter(`${PREFIX}.${name}`, { ...ENTRY, description });
  const read = entries("entry.read", "Entries in the pages that Slack returned");
  const delivered = entries("entry.delivered", "Entries that the collector acknowledged or that were set aside");
  const seen = entries("entry.seen", "Entries that were delivered before and read again");
  const filtered = entries("entry.filtered", "Entries left out by include_actions and exclude_actions");
  const late = entries("entry.late", "Entries that an earlier reading of their window had missed");
  const outside = entries("entry.outside", "Entries that Slack returned outside of the requested window");
  const collided = entries("entry.collided", "Entries that share second and id with a different entry");
  const doubts = meter.createCounter(`${PREFIX}.clock.doubted`, {
    description: "Answers of Slack whose time disagrees with the others",
    unit: "{answer}",
    valueType: ValueType.INT,
  });
  const setAside = entries("entry.set_aside", "Entries that the collector refused, kept in the dead-letter folder");
  const mappingErrors = entries("mapping.errors", "Entries that could be delivered as text only");
  const retry = meter.createCounter(`${PREFIX}.retry`, {
    description: "Attempts that failed and are repeated",
    unit: "{attempt}",
    valueType: ValueType.INT,
  });
  const drift = meter.createCounter(`${PREFIX}.drift.noticed`, {
    description: "Names of actions, entity types and members at Slack that the tables do not know",
    unit: "{name}",
    valueType: ValueType.INT,
  });
  const held = meter.createGauge(`${PREFIX}.held`, {
    description: "1 while somebody must act before collection goes on",
  });
  const authorized = meter.createGauge(`${PREFIX}.authorized`, {
    description: "1 while the source has a grant",
  });
  const windows = meter.createHistogram(`${PREFIX}.window.duration`, {
    description: "Time to read and deliver one window",
    unit: "s",
    advice: { explicitBucketBoundaries: WINDOW_SECONDS },
  });
  const requests = meter.createHistogram("http.client.request.duration", {
    description: "Duration of requests to the Audit Logs API",
    unit: "s",
    advice: { explicitBucketBoundaries: REQUEST_SECONDS },
  });

  for (const source of sources) {
    for (const counter of [read, delivered, seen, filtered, late, outside, collided, setAside, mappingErrors, doubts]) {
      counter.add(0, { source });
    }
    for (const target of TARGETS) {
      retry.add(0, { source, target });
      held.record(0, { source, target });
    }
    for (const kind of UNKNOWN_NAME_KINDS) drift.add(0, { source, kind });
    authorized.record(0, { source });
    // Creates the series: the SDK leaves NaN out of all buckets and sums.
    windows.record(Number.NaN, { source });
    requests.record(Number.NaN, requestAttributes(source, 200));
  }

  return (event) => {
    switch (event.event) {
      case "window_delivered": {
        const { source } = event;
        read.add(event.read, { source });
        delivered.add(event.delivered, { source });
        seen.add(event.seen, { source });
        filtered.add(event.filtered, { source });
        late.add(event.late, { source });
        outside.add(event.outside, { source });
        collided.add(event.collided, { source });
        mappingErrors.add(event.mapping_errors, { source });
        windows.record(event.duration_ms / 1_000, { source });
        for (const target of TARGETS) held.record(0, { source, target });
        return;
      }
      case "records_set_aside":
        return setAside.add(event.records, { source: event.source });
      case "clock_doubted":
        return doubts.add(1, { source: event.source });
      case "drift_noticed":
        return drift.add(1, { source: event.source, kind: event.kind });
      case "retrying":
        return retry.add(1, { source: event.source, target: event.target });
      case "held":
        return held.record(1, { source: event.source, target: event.target });
      case "resumed":
        return held.record(0, { source: event.source, target: event.target });
      case "authorized":
        held.record(0, { source: event.source, target: "slack" });
        return authorized.record(1, { source: event.source });
      case "authorization_needed":
      case "authorization_refused":
        return authorized.record(0, { source: event.source });
      case "slack_answered":
        return requests.record(event.duration_ms / 1_000, requestAttributes(event.source, event.http_status));
      case "slack_unreachable":
        return requests.record(event.duration_ms / 1_000, { source: event.source, "error.type": event.error_type });
    }
  };
}

function requestAttributes(source: string, status: number): Attributes {
  const failed = status >= 400 ? { "error.type": String(status) } : {};
  return { source, "http.response.status_code": status, ...failed };
}
