import { isIP } from "node:net";
import { addressSection, contextSection } from "./members.ts";
import { createPut, type Put } from "./put.ts";
import type { Vocabulary } from "./section.ts";

/**
 * Makes the way of `context.ip_address` to its attribute. Slack documents no form for it, so what is no address (`unknown`, a
 * host, several at once) must not stand where addresses do.
 */
export function createAddressPut({ rename }: Vocabulary): Put {
  const putAddress = createPut(addressSection.names.ip_address ?? "", rename);
  const putText = createPut(`${contextSection.prefix}.ip_address`, rename);
  return (attributes, value) => {
    if (typeof value === "string" && isAddress(value)) putAddress(attributes, value);
    else putText(attributes, value);
  };
}

/** Whether a text is an IP address, of either version. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0;
}
