import convict from "convict";
import type { Faults } from "./faults.ts";
import { formats } from "./formats.ts";
import type { RawValues } from "./match-schema.ts";
import { isOption, type Option, type Schema, type Values } from "./option.ts";

/** An option as convict gets it. Convict passes it to the check, which reports the fault of this key through it. */
interface CheckedOption extends Option {
  /** The words to choose from. */
  readonly words?: readonly string[];
  readonly reject: (problem: string) => void;
}

const WORD = "word";

// The checks report faults instead of throwing: convict would join all faults, with their values, into one text.
for (const [name, { coerce, problemOf }] of Object.entries(formats)) addFormat(name, problemOf, coerce);
addFormat(WORD, (value, { words = [] }) =>
  words.includes(String(value)) ? undefined : `must be one of the possible values: ${JSON.stringify(words)}`,
);

/** Adds the defaults to the values of the file and checks the result. A value with a fault is replaced by its default. */
export function completeValues<S extends Schema>(
  schema: S,
  given: RawValues,
  { prefix, faults }: { prefix: string; faults: Faults },
): Values<S> {
  const faulty: string[] = [];
  const reject = (key: string, problem: string) => {
    faults.add(prefix + key, problem);
    faulty.push(key);
  };
  // Without `env` and `args`, convict reads those of the process.
  const config = convict(toConvict(schema, "", reject), { env: {}, args: [] });
  for (const [key, value] of given) config.set(key, value);
  config.validate({ allowed: "strict" });
  for (const key of faulty) config.reset(key);
  return config.getProperties() as Values<S>;
}

function addFormat(
  name: string,
  problemOf: (value: unknown, option: CheckedOption) => string | undefined,
  coerce?: (text: string) => unknown,
): void {
  convict.addFormat({
    name,
    validate(value: unknown, option) {
      const checked = option as unknown as CheckedOption;
      const problem = problemOf(value, checked);
      if (problem) checked.reject(problem);
    },
    ...(coerce && { coerce }),
  });
}

type Reject = (key: string, problem: string) => void;

function toConvict(schema: Schema, prefix: string, reject: Reject): convict.Schema<Record<string, unknown>> {
  const nodes = Object.entries(schema).map(([name, node]) => {
    const key = prefix + name;
    if (!isOption(node)) return [name, toConvict(node, `${key}.`, reject)];
    const words = typeof node.format === "string" ? {} : { format: WORD, words: node.format };
    return [name, { ...node, ...words, reject: (problem: string) => reject(key, problem) }];
  });
  return Object.fromEntries(nodes);
}
