import { acknowledge, type CollectorAnswer, type CollectorReply } from "./collector.ts";
import { bodies, foreignBodies, goodReplies, refusals } from "./replies.ts";
import type { Area, Environment, Row } from "./row.ts";

const COMBINATIONS = [
  ["http/protobuf", "gzip"],
  ["http/json", "none"],
  ["http/protobuf", "zstd"],
  ["http/json", "gzip"],
  ["http/protobuf", "none"],
  ["http/json", "zstd"],
] as const;

/** All combinations with `COMBINATIONS=all`; otherwise one per row, in turn. */
const all = process.env.COMBINATIONS === "all";
let turn = 0;

/** The rows of one kind of answer, in combinations of protocol and compression. */
function rows(name: string, environment: Environment, expect: Row["expect"], quick = false): Row[] {
  const chosen = all ? COMBINATIONS : [COMBINATIONS[turn++ % COMBINATIONS.length] ?? COMBINATIONS[0]];
  return chosen.map(([protocol, compression]) => ({
    name: `${name} (${protocol.slice(5)}, ${compression})`,
    ...(quick && { quick: true as const }),
    environment: () => ({
      ...environment,
      config: { ...environment.config, export: { protocol, compression, ...environment.config?.export } },
    }),
    expect,
  }));
}

const LIVE = { delivered: "all", state: ["live"] } as const;

/** Each answer at the first request of a run, and after the collector has acknowledged. */
const PHASES = [
  { when: "first contact", environment: {} },
  { when: "later", environment: { afterAcknowledgement: true } },
] as const;

/** Applies to requests with records; an empty request is acknowledged. */
const toRecords =
  (reply: CollectorReply): CollectorAnswer =>
  (request) =>
    request.uids.length > 0 ? reply : acknowledge(request);

const isFirst = (when: string) => when === "first contact";

const protocols: Row[] = COMBINATIONS.map(([protocol, compression], index) => ({
  name: `a good collector takes ${protocol} with ${compression}`,
  ...(index < 2 && { quick: true as const }),
  environment: () => ({ config: { export: { protocol, compression } } }),
  expect: LIVE,
}));

const good = Object.entries(goodReplies).flatMap(([name, reply]) =>
  rows(`acknowledged with ${name}`, { answer: () => reply }, LIVE, name.startsWith("100")),
);

const foreign = Object.entries(foreignBodies).flatMap(([name, reply], index) =>
  PHASES.flatMap(({ when, environment }) => [
    ...rows(
      `${when}: stores nothing, answers ${name}`,
      { ...environment, answer: () => ({ ...reply, stores: false }), recovers: true },
      isFirst(when)
        ? { delivered: "none", state: ["held"], reason: /no OTLP|not .*acknowledge|no acknowledgement/i }
        : { setAside: "any", state: ["held"], reason: /./ },
      index === 0,
    ),
    ...rows(
      `${when}: stores everything, answers ${name}`,
      { ...environment, answer: () => reply },
      { delivered: "all", copies: 3, setAside: isFirst(when) ? 0 : "any", reason: /./ },
      index === 0 && isFirst(when),
    ),
    ...rows(
      `${when}: stores everything, answers ${name} to records only`,
      { ...environment, answer: toRecords(reply) },
      { delivered: "all", copies: 3, setAside: isFirst(when) ? 0 : "any", reason: /./ },
      index === 1,
    ),
  ]),
);

const refused = Object.entries(refusals).flatMap(([name, { reply, reason }], index) =>
  rows(
    `first contact: refuses with ${name}`,
    { answer: () => ({ ...reply, stores: false }), recovers: true },
    { delivered: "none", state: ["held"], reason },
    index === 0,
  ),
);

/** A collector that accepts one encoding only, and refuses every other with this message. */
const only =
  (accepts: (request: Parameters<CollectorAnswer>[0]) => boolean, refusal: CollectorReply): CollectorAnswer =>
  (request) =>
    accepts(request) ? acknowledge(request) : { ...refusal, stores: false };

const wrongWays: Row[] = [
  {
    name: "a collector without JSON",
    quick: true,
    environment: () => ({
      config: { export: { protocol: "http/json" } },
      answer: only(
        ({ contentType }) => !contentType.includes("json"),
        bodies(400, "json encoding is not supported for otlp format"),
      ),
    }),
    expect: { delivered: "none", state: ["held"], reason: /json encoding is not supported.*export\.protocol/ },
  },
  {
    name: "a collector without zstd",
    environment: () => ({
      config: { export: { compression: "zstd" } },
      answer: only(({ compression }) => compression !== "zstd", bodies(400, "cannot decode request")),
    }),
    expect: { delivered: "none", state: ["held"], reason: /cannot decode request.*export\.compression/s },
  },
  {
    name: "a collector without gzip that takes an empty body in any encoding",
    environment: () => ({
      config: { export: { compression: "gzip" } },
      answer: only(({ compression, bytes }) => compression === "" || bytes === 0, bodies(400, "invalid wire type")),
    }),
    expect: { delivered: "none", state: ["held"], reason: /invalid wire type.*export\.compression/s },
  },
  {
    name: "another path",
    quick: true,
    environment: () => ({
      config: { export: { logs_endpoint: "" } },
      answer: only(
        ({ path }) => path === "/insert/opentelemetry/v1/logs",
        bodies(400, "unsupported path requested: /v1/logs"),
      ),
    }),
    expect: { delivered: "none", state: ["held"], reason: /unsupported path requested.*export\.(logs_)?endpoint/s },
  },
];

/** A body with more bytes breaks the connection. */
const MOST_BYTES = 12_000;

const connections: Row[] = [
  {
    name: "breaks every connection",
    environment: () => ({ answer: () => ({ reset: true, stores: false }), recovers: true }),
    expect: { delivered: "none", state: ["held", "retrying"] as never, reason: /./ },
  },
  {
    name: "breaks connections with large bodies",
    quick: true,
    environment: (stage) => {
      stage.addEntries(40);
      return {
        config: { export: { compression: "none" } },
        answer: (request) => (request.bytes > MOST_BYTES ? { reset: true, stores: false } : acknowledge(request)),
      };
    },
    expect: LIVE,
  },
  ...PHASES.map(({ when, environment }) => ({
    name: `${when}: stores, and answers later than export.timeout`,
    environment: () => ({
      ...environment,
      config: { export: { timeout: "500ms" } },
      answer: (request: Parameters<CollectorAnswer>[0]) => ({ ...acknowledge(request), afterMs: 1_200 }),
    }),
    expect: { ...LIVE, copies: 3, reason: /export\.timeout/ },
  })),
];

/** Answers of collectors, at the first request and later, with and without storing the records. */
export const answers: Area = {
  name: "answers",
  rows: [...protocols, ...good, ...foreign, ...refused, ...wrongWays, ...connections],
};
