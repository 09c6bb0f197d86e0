import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";

/** Some systems have it in a folder that is not on the path. */
const NGINX = process.env.NGINX_PATH || "/usr/sbin/nginx";

/** Why these tests are skipped; false when nginx is installed. */
export const noNginx = existsSync(NGINX) ? false : `there is no nginx at ${NGINX}`;

/** A running nginx. */
export interface Nginx {
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts nginx in `folder` with the given server section, and waits until it listens on `port`. */
export async function startNginx(folder: string, { port, server }: { port: number; server: string }): Promise<Nginx> {
  const root = path.join(folder, `nginx-${port}`);
  await mkdir(root, { recursive: true });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${root}/${name};`,
  );
  const text = `daemon off; worker_processes 1; pid ${root}/pid; error_log stderr;
events { worker_connections 64; }
http {
  access_log off;
  large_client_header_buffers 4 32k;
  ${temporary.join("\n  ")}
  ${server}
}
`;
  const file = path.join(root, "nginx.conf");
  await writeFile(file, text);
  const child = spawn(NGINX, ["-p", root, "-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (words: string) => {
    said += words;
  });
  const ended = once(child, "exit");
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`nginx has ended: ${said}`);
  }
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
