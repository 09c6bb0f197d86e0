import { readConfiguredState } from "../compose.ts";
import type { Config, SourceConfig } from "../config/config.ts";
import type { SetupKeys } from "../model.ts";
import { errorCode } from "../runtime/files.ts";
import { StateError } from "../state/state-error.ts";
import { type ConfigOption, chooseSource, load } from "./load.ts";
import { type Terminal, UsageError } from "./terminal.ts";

/** Whose link it is. */
export interface SetupLinkOptions extends ConfigOption {
  readonly source?: string;
}

/**
 * Prints the links of the setups that a running receiver has open: alone where there is one, and else each behind its source.
 * The links hold the keys, which only the receiver's own user can read.
 */
export async function setupLink(options: SetupLinkOptions, terminal: Terminal): Promise<number> {
  const config = await load(options, terminal);
  const asked = options.source === undefined ? config.sources : [chooseSource(config, options.source)];
  const sources = asked.filter(({ token }) => !token);
  if (sources.length === 0) {
    const names = asked.map(({ name }) => name).join(", ");
    throw new UsageError(
      `Cannot print a setup link: ${names} has a token in the configuration; remove token to use OAuth`,
    );
  }
  const { setupKeys, grants, holder } = await look(config, terminal);
  const links = await Promise.all(sources.map(async (source) => [source, await linkOf(source, setupKeys)] as const));
  const open = links.filter(([, link]) => link !== undefined);
  const waiting = sources.filter(({ name }) => !grants.load(name));
  if (open.length === 0 && holder === undefined && waiting.length > 0) throw nobodyRuns(config);
  if (open.length === 0 && waiting.length > 0) {
    throw new StateError(
      `Cannot print a setup link: ${holder} uses the state folder and has not opened a setup`,
      "wait until it listens, and try again",
    );
  }
  if (open.length === 0) {
    terminal.print("No setup is open: every source is authorized\n");
    return 0;
  }
  if (holder === undefined)
    terminal.warn("No receiver seems to run on this state folder: the link may be an old one\n");
  for (const [{ name }, link] of open) terminal.print(asked.length === 1 ? `${link}\n` : `${name}  ${link}\n`);
  return 0;
}

async function linkOf({ name, setupUrl }: SourceConfig, keys: SetupKeys): Promise<string | undefined> {
  const key = await keys.load(name);
  return key === undefined ? undefined : `${setupUrl}?${new URLSearchParams({ key })}`;
}

async function look(config: Config, terminal: Terminal): ReturnType<typeof readConfiguredState> {
  try {
    return await readConfiguredState(config, terminal, () => {});
  } catch (error) {
    if (errorCode(error) === "ENOENT") throw nobodyRuns(config);
    throw error;
  }
}

function nobodyRuns({ state: { directory } }: Config): StateError {
  return new StateError(
    `Cannot print a setup link: no receiver runs on state folder "${directory}"`,
    "start it, or run: slack-audit-receiver authorize",
  );
}
