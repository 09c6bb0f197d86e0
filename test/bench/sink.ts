import http from "node:http";
import type { AddressInfo } from "node:net";

/** A collector that swallows every body unread and acknowledges it. */
export interface BenchSink {
  readonly url: string;
  figures(): SinkFigures;
}

/** What came; times are by the wall clock. */
export interface SinkFigures {
  readonly requests: number;
  /** Of the bodies, as they were sent. */
  readonly wireBytes: number;
  readonly firstAcknowledgedAtMs: number | undefined;
  readonly lastAcknowledgedAtMs: number | undefined;
}

/** Starts it on a free port; it waits `latencyMs` before each answer. */
export async function startBenchSink({ latencyMs }: { latencyMs: number }): Promise<BenchSink> {
  let requests = 0;
  let wireBytes = 0;
  let firstAcknowledgedAtMs: number | undefined;
  let lastAcknowledgedAtMs: number | undefined;
  const server = http.createServer((request, response) => {
    const acknowledge = () => {
      const type = request.headers["content-type"] ?? "application/octet-stream";
      // What an empty response is in each encoding.
      response.writeHead(200, { "content-type": type }).end(type === "application/json" ? "{}" : "");
      requests++;
      lastAcknowledgedAtMs = Date.now();
      firstAcknowledgedAtMs ??= lastAcknowledgedAtMs;
    };
    request.on("data", (chunk: Buffer) => {
      wireBytes += chunk.length;
    });
    request.on("end", () => (latencyMs > 0 ? setTimeout(acknowledge, latencyMs) : acknowledge()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    figures: () => ({ requests, wireBytes, firstAcknowledgedAtMs, lastAcknowledgedAtMs }),
  };
}
