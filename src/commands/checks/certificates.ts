import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Config } from "../../config/config.ts";
import type { Tls } from "../../runtime/http.ts";
import type { Terminal } from "../terminal.ts";
import type { Finding } from "./finding.ts";

/** Whether each configured certificate is valid today and belongs to its key. */
export function checkCertificates(config: Config, { clock }: Pick<Terminal, "clock">): Finding[] {
  return [
    ...checkTls("http.tls", config.http.tls, clock.now()),
    ...checkTls("export.tls", config.export.tls, clock.now()),
  ];
}

function checkTls(what: string, { ca, cert, key }: Tls, nowMs: number): Finding[] {
  const authorities = ca === undefined ? [] : checkAuthorities(what, ca, nowMs);
  if (cert === undefined || key === undefined) return authorities;
  return [...authorities, checkIdentity(what, { cert, key, nowMs })];
}

function checkIdentity(what: string, { cert, key, nowMs }: { cert: string; key: string; nowMs: number }): Finding {
  const remedy = "correct cert_file and key_file";
  const certificate = read(() => new X509Certificate(cert));
  if (!certificate) return { what, why: "cert_file holds no certificate that can be read", remedy };
  const privateKey = read(() => createPrivateKey(key));
  if (!privateKey) return { what, why: "key_file holds no private key that can be read without a passphrase", remedy };
  if (!certificate.checkPrivateKey(privateKey))
    return { what, why: "the key does not belong to the certificate", remedy };
  return checkDates(`${what}`, certificate, nowMs);
}

function checkAuthorities(what: string, ca: string, nowMs: number): Finding[] {
  const texts = ca.match(/-----BEGIN [^-]*CERTIFICATE-----[^-]*-----END [^-]*CERTIFICATE-----/g) ?? [];
  const authorities = texts.map((text) => read(() => new X509Certificate(text)));
  if (authorities.length === 0 || authorities.includes(undefined)) {
    return [{ what, why: "ca_file holds a certificate that cannot be read", remedy: "correct ca_file" }];
  }
  const findings = authorities.flatMap((authority) => (authority ? [checkDates(what, authority, nowMs)] : []));
  // One authority that is valid will do.
  return [findings.find((finding) => "good" in finding) ?? findings[0]].filter((finding) => finding !== undefined);
}

function checkDates(what: string, certificate: X509Certificate, nowMs: number): Finding {
  const [from, to] = [certificate.validFromDate, certificate.validToDate];
  const day = (date: Date) => date.toISOString().slice(0, 10);
  if (nowMs > to.getTime()) return { what, why: `The certificate expired on ${day(to)}`, remedy: "renew it" };
  if (nowMs < from.getTime()) {
    return {
      what,
      why: `The certificate is not valid before ${day(from)}`,
      remedy: "set this machine's clock, or wait",
    };
  }
  return { what, good: `the certificate is valid until ${day(to)}` };
}

function read<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
