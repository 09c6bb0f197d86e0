import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";

export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A private authority, with certificates for a client and for a server on 127.0.0.1, alias collector.example. */
export interface Authority {
  readonly ca: string;
  readonly server: Identity;
  readonly client: Identity;
}

/** A test that needs certificates. It is skipped without openssl. */
export function testWithOpenssl(name: string, body: (t: TestContext) => Promise<void>): void {
  test(name, { skip: spawnSync("openssl", ["version"]).status !== 0 && "openssl is missing" }, body);
}

/** Makes an authority in `folder`. */
export async function makeAuthority(folder: string): Promise<Authority> {
  const read = (name: string) => readFile(path.join(folder, name), "utf8");
  const openssl = (line: string) => {
    const { status, stderr } = spawnSync("openssl", line.split(" "), { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`Cannot run openssl ${line}: ${stderr}`);
  };
  const newKey = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
  const issue = async (name: string): Promise<Identity> => {
    openssl(`req ${newKey} -subj /CN=${name} -keyout ${name}.key -out ${name}.csr`);
    openssl(
      `x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -extfile names -out ${name}.pem`,
    );
    return { cert: await read(`${name}.pem`), key: await read(`${name}.key`) };
  };
  await writeFile(path.join(folder, "names"), "subjectAltName=IP:127.0.0.1,DNS:collector.example\n");
  openssl(`req -x509 ${newKey} -days 1 -subj /CN=authority -keyout ca.key -out ca.pem`);
  return { ca: await read("ca.pem"), server: await issue("server"), client: await issue("client") };
}
