import { problemsOfProxies } from "../runtime/proxies.ts";
import type { Faults } from "./faults.ts";

/** Checks the variables that the libraries below would otherwise read, or take for granted, by themselves. */
export function checkEnvironment(env: NodeJS.ProcessEnv, faults: Faults): void {
  for (const { variable, problem } of problemsOfProxies(env)) faults.add(variable, problem);
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === "0") {
    faults.add(
      "NODE_TLS_REJECT_UNAUTHORIZED",
      "it would send the token to anybody; unset it, and name a private authority with export.tls.ca_file or NODE_EXTRA_CA_CERTS",
    );
  }
}
