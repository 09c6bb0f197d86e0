import { ConfigError } from "../config/config-error.ts";
import { problemOfRedirectUrl } from "../config/url.ts";
import { createFromManifestLink, manifest } from "../slack/oauth/manifest.ts";
import { ExitCode } from "./exit-code.ts";
import { type ConfigOption, chooseSource, load } from "./load.ts";
import { type Terminal, UsageError } from "./terminal.ts";

/** The options of `manifest`. */
export interface PrintManifestOptions extends ConfigOption {
  readonly source?: string;
  readonly redirectUrl?: string;
}

/** Prints the app's manifest. It works with an incomplete configuration, since the client id does not exist before the app. */
export async function printManifest(options: PrintManifestOptions, terminal: Terminal): Promise<number> {
  const { redirectUrl, slackUrl } = await urlsOf(options, terminal);
  const yaml = manifest({ redirectUrls: redirectUrl ? [redirectUrl] : [] });
  terminal.print(`${yaml}\n# Create the app from it:\n# ${createFromManifestLink(slackUrl, yaml)}\n`);
  return ExitCode.done;
}

async function urlsOf(
  options: PrintManifestOptions,
  terminal: Terminal,
): Promise<{ redirectUrl: string; slackUrl: string }> {
  const slackUrl = "https://slack.com";
  if (options.redirectUrl !== undefined) {
    const problem = problemOfRedirectUrl(options.redirectUrl);
    if (problem) throw new UsageError(`Cannot use --redirect-url: ${problem}`);
    return { redirectUrl: options.redirectUrl, slackUrl };
  }
  try {
    return chooseSource(await load(options, terminal), options.source);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    terminal.warn("Without a usable configuration the manifest names no redirect URL: add one with --redirect-url\n");
    return { redirectUrl: "", slackUrl };
  }
}
