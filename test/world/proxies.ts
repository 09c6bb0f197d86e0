import { startProxy } from "../runtime/proxy.ts";
import type { Area, Row } from "./row.ts";
import type { Stage } from "./stage.ts";

/** A proxy that forwards every host to the collector of the stage. */
async function proxyOf(stage: Stage): Promise<{ host: string; asked: readonly string[] }> {
  const proxy = await startProxy(stage.collector.url);
  stage.cleanups.push(() => proxy.close());
  return { host: new URL(proxy.origin).host, asked: proxy.asked };
}

const LIVE = { delivered: "all", state: ["live"] } as const;
/** A name that only a proxy can reach, and a multicast address, which no connection can reach. */
const NAME = "http://collector.example:4318";
const ADDRESS = "http://224.0.0.7:4318";

/** Valid values of HTTP_PROXY, for the host and port of the proxy. */
const usable: readonly (readonly [string, (host: string) => string])[] = [
  ["an address without a scheme", (host) => host],
  ["a URL", (host) => `http://${host}`],
  ["a URL with a slash", (host) => `http://${host}/`],
  ["a URL with credentials", (host) => `http://somebody:p%40ss@${host}`],
  ["spaces around it", (host) => ` http://${host} `],
];

const taken: Row[] = usable.flatMap(([what, value], index) =>
  ["HTTP_PROXY", "http_proxy"].slice(0, index === 1 ? 2 : 1).map((variable) => ({
    name: `${variable} is ${what}`,
    ...(index === 0 && { quick: true as const }),
    environment: async (stage: Stage) => ({
      env: { [variable]: value((await proxyOf(stage)).host) },
      config: { export: { endpoint: NAME } },
    }),
    expect: LIVE,
  })),
);

/** Invalid values. The program names the variable, and never the value. */
const UNUSABLE: readonly (readonly [variable: string, value: string])[] = [
  ["HTTPS_PROXY", "socks5://127.0.0.1:1080"],
  ["HTTP_PROXY", "socks5://127.0.0.1:1080"],
  ["HTTPS_PROXY", "http://somebody:hidden%@127.0.0.1:3128"],
  ["https_proxy", "http://somebody:hidden%zz@127.0.0.1:3128"],
  ["HTTP_PROXY", "http://"],
  ["HTTPS_PROXY", "http://127.0.0.1:99999"],
  ["HTTP_PROXY", "ftp://127.0.0.1"],
];

const refused: Row[] = UNUSABLE.map(([variable, value], index) => ({
  name: `${variable} is ${value.replace("hidden", "…")}`,
  ...(index === 0 && { quick: true as const }),
  environment: () => ({ env: { [variable]: value } }),
  expect: { exit: 78, prints: new RegExp(`^(?!.*hidden).*${variable}`, "ms") },
}));

/** Hosts that bypass the proxy. Only the proxy leads to the collector, so nothing may arrive. */
const EXCEPTIONS: readonly (readonly [noProxy: string, endpoint: string])[] = [
  ["224.0.0.0/24", ADDRESS],
  ["224.0.0.7", ADDRESS],
  ["10.0.0.0/8, 224.0.0.0/16", ADDRESS],
  ["collector.example", NAME],
  [".example", NAME],
  ["*.example", NAME],
  ["COLLECTOR.example", NAME],
  ["*", NAME],
];

const exceptions: Row[] = EXCEPTIONS.map(([noProxy, endpoint], index) => ({
  name: `NO_PROXY ${noProxy} holds ${new URL(endpoint).hostname}`,
  ...(index === 0 && { quick: true as const }),
  environment: async (stage) => ({
    env: { HTTP_PROXY: `http://${(await proxyOf(stage)).host}`, NO_PROXY: noProxy },
    config: { export: { endpoint, timeout: "1s" } },
  }),
  expect: { delivered: "none", reason: /./ },
}));

const others: readonly (readonly [noProxy: string, endpoint: string])[] = [
  ["224.0.1.0/24", ADDRESS],
  ["other.example", NAME],
  ["ample", NAME],
];

const proxied: Row[] = others.map(([noProxy, endpoint]) => ({
  name: `NO_PROXY ${noProxy} does not hold ${new URL(endpoint).hostname}`,
  environment: async (stage) => ({
    env: { HTTP_PROXY: `http://${(await proxyOf(stage)).host}`, NO_PROXY: noProxy },
    config: { export: { endpoint } },
  }),
  expect: LIVE,
}));

const loopback: Row[] = ["127.0.0.1", "127.0.0.2", "127.1.2.3", "localhost"].map((host) => ({
  name: `${host} goes past the proxy`,
  environment: async (stage) => {
    const { startCollector } = await import("./collector.ts");
    const collector = await startCollector(host === "localhost" ? {} : { host });
    stage.cleanups.push(() => collector.close());
    collector.answer = (request) => {
      for (const uid of request.uids) (stage.collector.stored as Map<string, number>).set(uid, 1);
      return stage.collector.answer(request);
    };
    return {
      env: { HTTP_PROXY: "http://127.0.0.1:1", HTTPS_PROXY: "http://127.0.0.1:1" },
      config: { export: { endpoint: `http://${host}:${collector.port}` } },
    };
  },
  expect: LIVE,
}));

/** Values of the proxy variables. */
export const proxies: Area = { name: "proxies", rows: [...taken, ...refused, ...exceptions, ...proxied, ...loopback] };
