import { Command, CommanderError } from "commander";
import { ConfigError } from "../config/config-error.ts";
import { problemOfUrl } from "../config/url.ts";
import { describeFileError } from "../runtime/describe-file-error.ts";
import { escapeControlsInLines } from "../runtime/escape-controls.ts";
import { LockedError } from "../state/lock.ts";
import { StateError } from "../state/state-error.ts";
import { authorize } from "./authorize.ts";
import { check } from "./check.ts";
import { listDeadLetters, replayDeadLetters } from "./dead-letters.ts";
import { demo } from "./demo.ts";
import { ExitCode, exitCodeHelp } from "./exit-code.ts";
import { printManifest } from "./manifest.ts";
import { rewind } from "./rewind.ts";
import { run } from "./run.ts";
import { setupLink } from "./setup-link.ts";
import { status } from "./status.ts";
import { type Terminal, UsageError } from "./terminal.ts";
import { addHelp, explainUsage, rejectArgument } from "./usage.ts";

/** Runs one command line and returns its exit code. Errors of the operator become one-line messages, without a stack trace. */
export async function runCommandLine(args: readonly string[], streams: Terminal): Promise<number> {
  // Output contains text from other servers, such as names: control characters in it must not reach the terminal.
  const terminal: Terminal = {
    ...streams,
    print: (text) => streams.print(escapeControlsInLines(text)),
    warn: (text) => streams.warn(escapeControlsInLines(text)),
  };
  let code: number = ExitCode.done;
  const program = createProgram(terminal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    code = explain(error instanceof CommanderError ? explainUsage(error, args, program) : error, terminal);
  }
  return flush(code, terminal);
}

/** Waits for the output. Lost output is an error, except when the reader has closed its end, as `head` does. */
async function flush(code: number, terminal: Terminal): Promise<number> {
  const fault = await terminal.flush();
  if (fault === undefined || fault === "EPIPE") return code;
  const { why = fault } = describeFileError(Object.assign(new Error(fault), { code: fault }), OUTPUT) ?? {};
  terminal.warn(`Cannot write to standard output: ${why}\n`);
  return code === ExitCode.done ? ExitCode.failed : code;
}

const OUTPUT = { path: "standard output", elsewhere: "" };

function explain(error: unknown, { warn, uid }: Terminal): number {
  if (error === undefined) return ExitCode.done;
  if (
    error instanceof UsageError ||
    error instanceof LockedError ||
    error instanceof StateError ||
    error instanceof ConfigError
  ) {
    warn(`${error.message}\n`);
    if (error instanceof UsageError) return ExitCode.usage;
    return error instanceof LockedError ? ExitCode.held : ExitCode.unusable;
  }
  const path = error instanceof Error && "path" in error ? String(error.path) : undefined;
  const elsewhere = "use another folder (state.directory; TMPDIR for the demonstration)";
  const fault = path === undefined ? undefined : describeFileError(error, { path, uid, elsewhere });
  if (fault) {
    warn(`Cannot use "${path}": ${fault.why}; ${fault.remedy}\n`);
    return ExitCode.unusable;
  }
  warn(`Internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
  return ExitCode.failed;
}

/** Runs a command with its options. Resolves to the exit code. */
type CommandHandler<Options> = (options: Options, terminal: Terminal) => Promise<number>;

function createProgram(terminal: Terminal, done: (code: number) => void): Command {
  const { env, version, print, warn } = terminal;
  const program = new Command("slack-audit-receiver")
    .description("Delivers the audit logs of Slack organisations to an OpenTelemetry collector")
    .version(version)
    .option("--config <file>", "configuration file", env.SLACK_AUDIT_RECEIVER_CONFIG || "config/receiver.yaml")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: print, writeErr: warn, outputError: () => {} });
  program.addHelpText("after", exitCodeHelp);

  // The option --config belongs to the program, so that it may stand before or after the command.
  const add = (command: Command, description: string) =>
    command.description(description).allowExcessArguments().exitOverride();
  const toAction =
    <Options>(handle: CommandHandler<Options>) =>
    async (_options: unknown, command: Command) => {
      const [excess] = command.args;
      if (excess !== undefined) rejectArgument(excess, command);
      done(await handle(command.optsWithGlobals<Options & object>(), terminal));
    };

  add(program.command("run", { isDefault: true }), "collect and deliver until told to stop (the default)").action(
    toAction(run),
  );
  add(program.command("check"), "try configuration, state, Slack and the collector, and say what is wrong").action(
    toAction(check),
  );
  add(program.command("authorize"), "obtain Slack's grant for a source and store it")
    .option("--source <name>", "the source; required if there are several")
    .option("--forget", "remove the source's grant and its organisation instead, so that another can be authorized")
    .action(toAction(authorize));
  add(program.command("setup-link"), "print the link to the setup page of a running receiver; it is a secret")
    .option("--source <name>", "only for this source")
    .action(toAction(setupLink));
  add(program.command("status"), "print the status of the running daemon; if none runs, of the state folder")
    .option("--json", "print JSON")
    .option("--probe", "print nothing, and end with exit code 1 unless a daemon is alive")
    .action(toAction(status));
  add(program.command("rewind"), "move the position of a source back, so that entries are delivered again")
    .option("--source <name>", "the source (required)")
    .option("--to <time>", "an RFC 3339 time, or how far back: 6h, 7d (required)")
    .option("--yes", "do not ask for confirmation")
    .action(toAction(rewind));
  addDeadLetters(program.command("dead-letters").description("list or replay the records that the collector refused"), {
    add,
    toAction,
  });
  add(program.command("manifest"), "print the Slack app's manifest, and the link that creates the app from it")
    .option("--source <name>", "the source; required if there are several")
    .option("--redirect-url <url>", "instead of the one in the configuration")
    .action(toAction(printManifest));
  add(program.command("demo"), "run the daemon with a bundled Slack organisation and a bundled OTLP receiver")
    .option("--manual", "consent yourself, in a browser")
    .option("--endpoint <url>", "send to your own OTLP receiver instead", requireUrl)
    .action(toAction(demo));
  addHelp(program);
  return program;
}

function requireUrl(url: string): string {
  const problem = problemOfUrl(url);
  if (problem) throw new UsageError(`Cannot use --endpoint: ${problem}`);
  return url;
}

function addDeadLetters(
  group: Command,
  {
    add,
    toAction,
  }: {
    add: (command: Command, text: string) => Command;
    toAction: <O>(handle: CommandHandler<O>) => (options: unknown, command: Command) => Promise<void>;
  },
): void {
  group.exitOverride();
  addHelp(group);
  add(group.command("list", { isDefault: true }), "list what was refused, when and why (the default)").action(
    toAction(listDeadLetters),
  );
  add(group.command("replay"), "send the records again, and remove those that are accepted")
    .option("--source <name>", "only for this source")
    .action(toAction(replayDeadLetters));
}
