import type { Files } from "../runtime/files.ts";
import type { Tls } from "../runtime/http.ts";
import type { Faults } from "./faults.ts";
import { whyUnreadable } from "./unreadable.ts";

/** The files of a `tls` section; an empty name is none. */
export interface TlsFiles {
  readonly ca_file?: string;
  readonly cert_file: string;
  readonly key_file: string;
}

/** Reads the PEM texts that a `tls` section names. */
export async function readTls(
  { ca_file = "", cert_file, key_file }: TlsFiles,
  options: { at: string; files: Pick<Files, "readFile">; faults: Faults },
): Promise<Tls> {
  const { at } = options;
  checkPair({ cert: cert_file !== "", key: key_file !== "" }, options);
  const [ca, cert, key] = await Promise.all([
    readPem(ca_file, { ...options, key: `${at}ca_file` }),
    readPem(cert_file, { ...options, key: `${at}cert_file` }),
    readPem(key_file, { ...options, key: `${at}key_file` }),
  ]);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function checkPair(
  { cert, key }: { cert: boolean; key: boolean },
  { at, faults }: { at: string; faults: Faults },
): void {
  if (cert === key || faults.touches(`${at}cert_file`, `${at}key_file`)) return;
  if (cert) faults.add(`${at}cert_file`, "the key that belongs to it is missing; give key_file as well");
  else faults.add(`${at}key_file`, "its certificate is missing; give cert_file as well");
}

async function readPem(
  file: string,
  { key, files, faults }: { key: string; files: Pick<Files, "readFile">; faults: Faults },
): Promise<string | undefined> {
  if (file === "") return undefined;
  try {
    const text = await files.readFile(file, "utf8");
    if (text.includes("-----BEGIN ")) return text;
    faults.add(key, "the file holds no PEM text; name one that has a line with -----BEGIN");
  } catch (error) {
    // The name is not shown: where somebody put the key itself in its place, that would be a secret.
    faults.add(key, `cannot read the file that it names: ${whyUnreadable(error)}; correct the path or its permissions`);
  }
  return undefined;
}
