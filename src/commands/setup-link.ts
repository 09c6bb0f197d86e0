import { readConfiguredState } from "../compose/configured-state.ts";
import type { Config, SourceConfig } from "../config/config.ts";
import type { SetupKeys } from "../model.ts";
import { errorCode } from "../runtime/files.ts";
import { StateError } from "../state/state-error.ts";
import { ExitCode } from "./exit-code.ts";
import { type ConfigOption, chooseSource, load } from "./load.ts";
import { type Terminal, UsageError } from "./terminal.ts";

/** The options of `setup-link`. */
export interface SetupLinkOptions extends ConfigOption {
  readonly source?: string;
}

/**
 * Prints the links of the open setups of a running receiver. With several sources, each line starts with the source's name.
 * The links contain keys; only the user of the receiver can read them.
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
  const { setupKeys, grants, holder } = await readState(config, terminal);
  const links = await Promise.all(sources.map(async (source) => [source, await linkOf(source, setupKeys)] as const));
  const open = links.filter(([, link]) => link !== undefined);
  const waiting = sources.filter(({ name }) => !grants.load(name));
  if (open.length === 0 && holder === undefined && waiting.length > 0) throw notRunning(config);
  if (open.length === 0 && waiting.length > 0) {
    throw new StateError(
      `Cannot print a setup link: ${holder} uses the state folder and has not opened a setup`,
      "wait until it listens, and try again",
    );
  }
  if (open.length === 0) {
    terminal.print("No setup is open: every source is authorized\n");
    return ExitCode.done;
  }
  if (holder === undefined)
    terminal.warn("No receiver seems to run on this state folder: the link may be out of date\n");
  for (const [{ name }, link] of open) terminal.print(asked.length === 1 ? `${link}\n` : `${name}  ${link}\n`);
  return ExitCode.done;
}

async function linkOf({ name, setupUrl }: SourceConfig, keys: SetupKeys): Promise<string | undefined> {
  const key = await keys.load(name);
  return key === undefined ? undefined : `${setupUrl}?${new URLSearchParams({ key })}`;
}

async function readState(config: Config, terminal: Terminal): ReturnType<typeof readConfiguredState> {
  try {
    return await readConfiguredState(config, terminal, () => {});
  } catch (error) {
    if (errorCode(error) === "ENOENT") throw notRunning(config);
    throw error;
  }
}

function notRunning({ state: { directory } }: Config): StateError {
  return new StateError(
    `Cannot print a setup link: no receiver runs on state folder "${directory}"`,
    "start it, or run: slack-audit-receiver authorize",
  );
}
