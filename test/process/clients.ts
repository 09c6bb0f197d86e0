import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import { connect, type Socket } from "node:net";

/** Opens a plain TCP connection. Later errors of the socket are ignored. */
export async function openSocket(address: string): Promise<Socket> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ""));
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** A client that pipelines one request many times and never reads the answers. */
export async function floodAndNeverRead(address: string, request: string, times: number): Promise<Socket> {
  const socket = await openSocket(address);
  socket.pause();
  socket.write(request.repeat(times));
  return socket;
}

/** Sends requests one after the other, each on its own connection. Returns the longest time until an answer. */
export async function slowestAnswer(url: string, times: number): Promise<number> {
  let slowestMs = 0;
  for (let asked = 0; asked < times; asked++) {
    const before = performance.now();
    const status = await ask(url);
    if (status !== 200) throw new Error(`${url} answered ${status}`);
    slowestMs = Math.max(slowestMs, performance.now() - before);
  }
  return slowestMs;
}

/** The status of an answer. The certificate is not verified. */
function ask(url: string): Promise<number | undefined> {
  const { get } = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    get(url, { agent: false, rejectUnauthorized: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    }).on("error", reject);
  });
}
