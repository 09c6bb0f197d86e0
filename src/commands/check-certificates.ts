import { X509Certificate } from "node:crypto";
import type { Config } from "../config/config.ts";
import type { Tls } from "../runtime/http.ts";
import type { Finding } from "./finding.ts";
import type { Terminal } from "./terminal.ts";

/** Checks the dates of each configured certificate. Loading the configuration has checked that they can be used. */
export function checkCertificates(config: Config, { clock }: Pick<Terminal, "clock">): Finding[] {
  return [
    ...checkDates("http.tls", config.http.tls, clock.now()),
    ...checkDates("export.tls", config.export.tls, clock.now()),
  ];
}

function checkDates(what: string, { ca, cert }: Tls, nowMs: number): Finding[] {
  const own = cert === undefined ? [] : [checkDate(what, new X509Certificate(cert), nowMs)];
  const authorities = certificatesIn(ca ?? "").map((authority) => checkDate(what, authority, nowMs));
  // One valid authority is enough.
  const authority = authorities.find((finding) => "good" in finding) ?? authorities[0];
  return authority ? [authority, ...own] : own;
}

function certificatesIn(pem: string): X509Certificate[] {
  const texts = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return texts.map((text) => new X509Certificate(text));
}

function checkDate(what: string, { validFromDate, validToDate }: X509Certificate, nowMs: number): Finding {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  if (nowMs > validToDate.getTime()) {
    return { what, why: `The certificate expired on ${day(validToDate)}`, remedy: "renew it" };
  }
  if (nowMs < validFromDate.getTime()) {
    const why = `The certificate is not valid before ${day(validFromDate)}`;
    return { what, why, remedy: "set this machine's clock, or wait" };
  }
  return { what, good: `the certificate is valid until ${day(validToDate)}` };
}
