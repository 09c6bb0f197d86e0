import convict from "convict";
import type { Faults } from "./faults.ts";
import { formats } from "./formats.ts";
import { isOption, type Option, type Section, type Values } from "./option.ts";
import type { Given } from "./pick.ts";

convict.addFormats(formats);

/** Completes what is given with the defaults and checks it. A value with a fault is replaced by its default. */
export function apply<S extends Section>(
  schema: S,
  given: Given,
  { at, faults }: { at: string; faults: Faults },
): Values<S> {
  // Convict would read the process by itself.
  const config = convict(quiet(schema) as convict.Schema<Record<string, unknown>>, { env: {}, args: [] });
  for (const [key, value] of given) config.set(key, value);
  for (const [key, problem] of validate(config)) {
    faults.add(at + key, problem);
    config.reset(key);
  }
  return config.getProperties() as Values<S>;
}

/** Convict quotes the value of a key that is not sensitive. A secret may have slipped into any key: to convict, all are. */
function quiet(section: Section): Section {
  const nodes = Object.entries(section).map(([name, node]): [string, Option | Section] => [
    name,
    isOption(node) ? { ...node, sensitive: true } : quiet(node),
  ]);
  return Object.fromEntries(nodes);
}

/** Convict reports all faults at once as one text: a line each, the key, a colon, and the message of the format. */
function validate(config: { validate(options: convict.ValidateOptions): unknown }): (readonly [string, string])[] {
  try {
    config.validate({ allowed: "strict" });
    return [];
  } catch (error) {
    return String((error as Error).message)
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]);
  }
}
