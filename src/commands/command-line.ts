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
import { addHelp } from "./help.ts";
import { printManifest } from "./manifest.ts";
import { rewind } from "./rewind.ts";
import { run } from "./run.ts";
import { setupLink } from "./setup-link.ts";
import { status } from "./status.ts";
import { type Terminal, UsageError } from "./terminal.ts";
import { explainUsage, refuseArgument } from "./usage.ts";

/** Carries out one command line and returns its exit code. An operator's fault becomes a sentence, never a stack trace. */
export async function runCommandLine(args: readonly string[], streams: Terminal): Promise<number> {
  // Names of organisations and the words of other servers end up here, and a terminal obeys what it is sent.
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

/** A command whose output is lost has not done what it was asked for. A reader that has seen enough is no fault. */
async function flush(code: number, terminal: Terminal): Promise<number> {
  const fault = await terminal.flush();
  if (fault === undefined || fault === "EPIPE") return code;
  const { why = fault } = describeFileError(Object.assign(new Error(fault), { code: fault }), OUTPUT) ?? {};
  terminal.warn(`Cannot write to standard output: ${why}\n`);
  return code === ExitCode.done ? ExitCode.crash : code;
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
  return ExitCode.crash;
}

/** What every command does: takes its options, and returns the exit code. */
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

  // The option --config belongs to the program, so that it may stand before the command as well as behind it.
  const add = (command: Command, description: string) =>
    command.description(description).allowExcessArguments().exitOverride();
  const carry =
    <Options>(carryOut: (options: Options, terminal: Terminal) => Promise<number>) =>
    async (_options: unknown, command: Command) => {
      const [excess] = command.args;
      if (excess !== undefined) refuseArgument(excess, command);
      done(await carryOut(command.optsWithGlobals<Options & object>(), terminal));
    };

  add(program.command("run", { isDefault: true }), "collect and deliver until told to stop (the default)").action(
    carry(run),
  );
  add(program.command("check"), "try configuration, state, Slack and the collector, and say what is wrong").action(
    carry(check),
  );
  add(program.command("authorize"), "obtain Slack's grant for a source, store it, and end")
    .option("--source <name>", "the source, where there are several")
    .option("--forget", "forget the source's grant and its organisation instead, so that another can be authorized")
    .action(carry(authorize));
  add(program.command("setup-link"), "print the link to the setup page of a running receiver; it is a secret")
    .option("--source <name>", "only this source's")
    .action(carry(setupLink));
  add(program.command("status"), "what the running daemon knows; without one, what the state folder holds")
    .option("--json", "as JSON")
    .option("--probe", "print nothing, and end with exit code 1 unless a daemon is alive")
    .action(carry(status));
  add(program.command("rewind"), "move the position of a source back, so that entries are delivered again")
    .option("--source <name>", "the source (required)")
    .option("--to <time>", "an RFC 3339 time, or how far back: 6h, 7d (required)")
    .option("--yes", "do not ask")
    .action(carry(rewind));
  addDeadLetters(program.command("dead-letters").description("the records that the collector refused for good"), {
    add,
    carry,
  });
  add(program.command("manifest"), "print the Slack app's manifest, and the link that creates the app from it")
    .option("--source <name>", "the source, where there are several")
    .option("--redirect-url <url>", "instead of the one in the configuration")
    .action(carry(printManifest));
  add(program.command("demo"), "the whole thing, with a bundled Slack organisation and a bundled OTLP receiver")
    .option("--manual", "leave the consent to you, in a browser")
    .option("--endpoint <url>", "send to an OTLP receiver of yours instead", requireUrl)
    .action(carry(demo));
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
    carry,
  }: {
    add: (command: Command, text: string) => Command;
    carry: <O>(c: CommandHandler<O>) => (options: unknown, command: Command) => Promise<void>;
  },
): void {
  group.exitOverride();
  addHelp(group);
  add(group.command("list", { isDefault: true }), "what was refused, when and why (the default)").action(
    carry(listDeadLetters),
  );
  add(group.command("replay"), "send it again; what is accepted now is removed")
    .option("--source <name>", "only this source's")
    .action(carry(replayDeadLetters));
}
