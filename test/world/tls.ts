import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { makeAuthority } from "../runtime/certificates.ts";
import { startCollector } from "./collector.ts";
import type { Area, Environment, Row } from "./row.ts";
import type { Stage } from "./stage.ts";

const skip = () => (spawnSync("openssl", ["version"]).status === 0 ? false : "openssl is missing");

/** Replaces the collector with one behind TLS. It is closed with the stage. */
async function secureCollector(stage: Stage, options: { host?: string; demandsClient?: boolean } = {}) {
  const authority = await makeAuthority(stage.folder);
  const { cert, key } = authority.server;
  const client = options.demandsClient ? { ca: authority.ca, requestClientCert: true } : {};
  const collector = await startCollector({
    ...(options.host && { host: options.host }),
    tls: { cert, key, ...client },
  });
  stage.cleanups.push(() => collector.close());
  collector.answer = (request) => {
    for (const uid of request.uids) (stage.collector.stored as Map<string, number>).set(uid, 1);
    return stage.collector.answer(request);
  };
  return { collector, authority };
}

/** Writes the TLS files into the folder of the stage. Returns their paths by configuration key. */
async function tlsFiles(stage: Stage, files: Readonly<Record<"ca_file" | "cert_file" | "key_file" | string, string>>) {
  const named: Record<string, string> = {};
  for (const [name, text] of Object.entries(files)) {
    named[name] = path.join(stage.folder, `configured-${name}`);
    await writeFile(named[name], text);
  }
  return named;
}

function exports(endpoint: string, tls: object = {}): Environment {
  return { config: { export: { endpoint, tls } } };
}

/** A server of another protocol: sends these bytes on connection, or after the first bytes it gets. */
async function rawServer(stage: Stage, says: Buffer, atOnce: boolean): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).resume();
    if (atOnce) socket.end(says);
    else socket.once("data", () => socket.end(says));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stage.cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

/** SETTINGS and GOAWAY, as a gRPC server answers an HTTP/1.1 client (RFC 9113 §6.5, §6.8). */
const GRPC = Buffer.from([
  ...[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0x40, 0],
  ...[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
]);

const HELD = { delivered: "none", state: ["held"] } as const;

function openssl(line: string, folder: string): void {
  const { status, stderr } = spawnSync("openssl", line.split(" "), { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot run openssl ${line}: ${stderr}`);
}

const doors: Row[] = [
  {
    name: "http:// at a TLS port",
    quick: true,
    skip,
    environment: async (stage) => {
      const { collector } = await secureCollector(stage);
      return exports(collector.url.replace("https:", "http:"));
    },
    expect: { ...HELD, reason: /write https:\/\// },
  },
  {
    name: "https:// at a plain port",
    quick: true,
    environment: (stage) => exports(stage.collector.url.replace("http:", "https:")),
    expect: { ...HELD, reason: /write http:\/\// },
  },
  {
    name: "https:// at a plain port that hangs up",
    environment: async (stage) => exports((await rawServer(stage, Buffer.alloc(0), false)).replace("http:", "https:")),
    expect: { ...HELD, reason: /http:\/\// },
  },
  {
    name: "a gRPC port that answers a request",
    quick: true,
    environment: async (stage) => exports(await rawServer(stage, GRPC, false)),
    expect: { ...HELD, reason: /gRPC.*4318/ },
  },
  {
    name: "a gRPC port that speaks first",
    environment: async (stage) => exports(await rawServer(stage, GRPC, true)),
    expect: { ...HELD, reason: /gRPC.*4318/ },
  },
  {
    name: "a port of another protocol (SSH)",
    environment: async (stage) => exports(await rawServer(stage, Buffer.from("SSH-2.0-OpenSSH_9.6\r\n"), true)),
    expect: { delivered: "none", reason: /./ },
  },
];

const trust: Row[] = [
  {
    name: "an own authority that is trusted",
    skip,
    environment: async (stage) => {
      const { collector, authority } = await secureCollector(stage);
      return exports(collector.url, await tlsFiles(stage, { ca_file: authority.ca }));
    },
    expect: { delivered: "all", state: ["live"] },
  },
  {
    name: "an own authority that is not trusted",
    skip,
    environment: async (stage) => exports((await secureCollector(stage)).collector.url),
    expect: { delivered: "none", reason: /certificate/ },
  },
  {
    name: "a certificate for another name",
    skip,
    environment: async (stage) => {
      const { collector, authority } = await secureCollector(stage, { host: "127.0.0.2" });
      return exports(collector.url, await tlsFiles(stage, { ca_file: authority.ca }));
    },
    expect: { delivered: "none", reason: /certificate|altnames/i },
  },
  {
    name: "a collector that demands a client certificate",
    skip,
    environment: async (stage) => {
      const { collector, authority } = await secureCollector(stage, { demandsClient: true });
      return exports(collector.url, await tlsFiles(stage, { ca_file: authority.ca }));
    },
    expect: { delivered: "none", reason: /./ },
  },
  {
    name: "a client certificate that the collector takes",
    skip,
    environment: async (stage) => {
      const { collector, authority } = await secureCollector(stage, { demandsClient: true });
      const { cert, key } = authority.client;
      return exports(collector.url, await tlsFiles(stage, { ca_file: authority.ca, cert_file: cert, key_file: key }));
    },
    expect: { delivered: "all", state: ["live"] },
  },
];

/** Client certificates that cannot be used. The reason must never be "the collector did not answer". */
const unusable: readonly (readonly [string, (stage: Stage) => Promise<{ cert: string; key: string }>])[] = [
  [
    "the key of another certificate",
    async (stage) => {
      const { client, server } = await makeAuthority(stage.folder);
      return { cert: client.cert, key: server.key };
    },
  ],
  [
    "certificate and key swapped",
    async (stage) => {
      const { client } = await makeAuthority(stage.folder);
      return { cert: client.key, key: client.cert };
    },
  ],
  [
    "an encrypted key",
    async (stage) => {
      const { client } = await makeAuthority(stage.folder);
      openssl("ec -in client.key -aes256 -passout pass:secret -out locked.key", stage.folder);
      const { readFile } = await import("node:fs/promises");
      return { cert: client.cert, key: await readFile(path.join(stage.folder, "locked.key"), "utf8") };
    },
  ],
  [
    "a PEM text that is cut off",
    async (stage) => {
      const { client } = await makeAuthority(stage.folder);
      return { cert: client.cert.slice(0, 200), key: client.key };
    },
  ],
];

const pairs: Row[] = unusable.map(([what, make], index) => ({
  name: `export.tls with ${what}`,
  ...(index === 0 && { quick: true as const }),
  skip,
  environment: async (stage) => {
    const { cert, key } = await make(stage);
    return exports("https://127.0.0.1:1", await tlsFiles(stage, { cert_file: cert, key_file: key }));
  },
  expect: { exit: 78, prints: /export\.tls/ },
}));

/** Servers of other protocols, and every form of certificate trust. */
export const tls: Area = { name: "tls", rows: [...doors, ...trust, ...pairs] };
