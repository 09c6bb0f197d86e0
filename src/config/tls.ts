import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { Files } from "../runtime/files.ts";
import type { Tls } from "../runtime/http.ts";
import { describeReadError, type Faults } from "./faults.ts";

/** The file names of a `tls` section; empty: no file. */
export interface TlsFiles {
  readonly ca_file?: string;
  readonly cert_file: string;
  readonly key_file: string;
}

interface TlsOptions {
  /** Precedes the keys, such as `http.tls.`. */
  readonly prefix: string;
  readonly files: Pick<Files, "readFile">;
  readonly faults: Faults;
}

/** Reads the PEM files of a `tls` section and checks that TLS accepts them. */
export async function readTls({ ca_file = "", cert_file, key_file }: TlsFiles, options: TlsOptions): Promise<Tls> {
  checkPair({ cert: cert_file !== "", key: key_file !== "" }, options);
  const [ca, cert, key] = await Promise.all([
    readPem(ca_file, "ca_file", options),
    readPem(cert_file, "cert_file", options),
    readPem(key_file, "key_file", options),
  ]);
  const tls = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  checkUse(tls, options);
  return tls;
}

function checkPair({ cert, key }: { cert: boolean; key: boolean }, { prefix, faults }: TlsOptions): void {
  if (cert === key || faults.touches(`${prefix}cert_file`, `${prefix}key_file`)) return;
  if (cert) faults.add(`${prefix}cert_file`, "the key that belongs to it is missing; give key_file as well");
  else faults.add(`${prefix}key_file`, "its certificate is missing; give cert_file as well");
}

type FileKey = keyof TlsFiles;

async function readPem(
  file: string,
  name: FileKey,
  { prefix, files, faults }: TlsOptions,
): Promise<string | undefined> {
  if (file === "") return undefined;
  const key = prefix + name;
  try {
    const text = await files.readFile(file, "utf8");
    const problem = problemOfPem(text, name);
    if (problem === undefined) return text;
    faults.add(key, problem);
  } catch (error) {
    // Do not show the name: it may be a pasted key.
    faults.add(
      key,
      `cannot read the file that it names: ${describeReadError(error)}; correct the path or its permissions`,
    );
  }
  return undefined;
}

function problemOfPem(text: string, name: FileKey): string | undefined {
  if (!text.includes("-----BEGIN ")) return "the file holds no PEM text; name one that has a line with -----BEGIN";
  const holdsKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
  const holdsCertificate = /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/.test(text);
  if (name !== "key_file") {
    if (holdsCertificate) return canParseAll(text) ? undefined : "a certificate in the file is damaged; make it anew";
    return `the file holds no certificate${holdsKey ? " but a key; are the two files swapped?" : "; name one that does"}`;
  }
  if (!holdsKey) {
    return `the file holds no private key${holdsCertificate ? " but a certificate; are the two files swapped?" : "; name one that does"}`;
  }
  if (/ENCRYPTED/.test(text))
    return "the key is encrypted; write it without a passphrase: openssl pkey -in KEY -out NEW";
  return canParseKey(text) ? undefined : "the key in the file is damaged or of an unknown kind; make it anew";
}

function canParseAll(text: string): boolean {
  const certificates = text.match(/-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[\s\S]*?-----END \1-----/g) ?? [];
  // Only OpenSSL parses its own form, TRUSTED CERTIFICATE.
  return certificates.length > 0 && certificates.every((pem) => pem.includes(" TRUSTED ") || canParse(pem));
}

function canParse(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function canParseKey(text: string): boolean {
  try {
    return createPrivateKey(text).type === "private";
  } catch {
    return false;
  }
}

/** Tries the files with the TLS library, which would otherwise fail at each connection. */
function checkUse(tls: Tls, { prefix, faults }: TlsOptions): void {
  if (faults.touches(`${prefix}ca_file`, `${prefix}cert_file`, `${prefix}key_file`)) return;
  if (tls.cert && tls.key && !new X509Certificate(tls.cert).checkPrivateKey(createPrivateKey(tls.key))) {
    faults.add(
      `${prefix}key_file`,
      "the key does not belong to the certificate of cert_file; give the one that it was made with",
    );
    return;
  }
  try {
    createSecureContext({ ...tls });
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    faults.add(`${prefix}${tls.cert ? "cert_file" : "ca_file"}`, `TLS cannot use the files (${why}); make them anew`);
  }
}
