import { type Case, ENCODINGS, type Encoding } from "./case.ts";
import type { IdleOptions } from "./idle.ts";
import type { Contestant } from "./measure.ts";

/** One run to make. */
export interface Step {
  readonly contestant: Contestant;
  readonly load: Case;
  /** Those of one round and one load run one after the other, and are compared with each other only. */
  readonly round: number;
}

/** Everything to measure. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly starts: number;
  readonly idle: IdleOptions;
}

/** What is small and large. */
export const SIZES = { small: 200_000, large: 1_000_000 } as const;

const ALL: readonly Contestant[] = ["daemon", "stock", "floor"];
const NEAR = { slackLatencyMs: 0, collectorLatencyMs: 0 };
const FAR = { slackLatencyMs: 500, collectorLatencyMs: 50 };
const ONE_FAR = [
  { slackLatencyMs: 500, collectorLatencyMs: 0 },
  { slackLatencyMs: 0, collectorLatencyMs: 50 },
];
/** Two polls. */
const IDLE: IdleOptions = { settleMs: 15_000, watchMs: 120_000 };

/** Three quarters of an hour on two cores. */
export function fullPlan(): Plan {
  const steps = [
    ...rounds(3, { contestants: ALL, latency: NEAR, entries: SIZES.small }),
    ...rounds(1, { contestants: ALL, latency: NEAR, entries: SIZES.large }),
    ...ONE_FAR.flatMap((latency) => rounds(1, { contestants: ALL, latency, entries: SIZES.small })),
    ...rounds(1, { contestants: ALL, latency: FAR, entries: SIZES.small }),
    ...rounds(1, { contestants: ALL, latency: FAR, entries: SIZES.large }),
  ];
  return { steps, starts: 7, idle: IDLE };
}

/** Two or three minutes: one round, and what needs large numbers or latencies is left out. */
export function quickPlan(entries: number): Plan {
  const encodings = ENCODINGS.filter(
    ({ protocol, compression }) => protocol.endsWith("protobuf") && compression !== "gzip",
  );
  const steps = rounds(1, { contestants: ALL, latency: NEAR, entries, encodings });
  return { steps, starts: 5, idle: { settleMs: 5_000, watchMs: 60_000 } };
}

interface RoundOptions {
  readonly contestants: readonly Contestant[];
  readonly latency: Pick<Case, "slackLatencyMs" | "collectorLatencyMs">;
  readonly entries: number;
  readonly encodings?: readonly Encoding[];
}

function rounds(count: number, { contestants, latency, entries, encodings = ENCODINGS }: RoundOptions): Step[] {
  return Array.from({ length: count }, (_, round) =>
    encodings.flatMap((encoding) =>
      contestants.map((contestant) => ({ contestant, load: { ...encoding, ...latency, entries }, round })),
    ),
  ).flat();
}
