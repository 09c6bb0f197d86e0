import type { Command, CommanderError } from "commander";
import { suggestName } from "../config/suggest-name.ts";
import { escapeControls } from "../runtime/escape-controls.ts";
import { UsageError } from "./terminal.ts";

/** Rejects an unknown command, and suggests the nearest name or lists all names. Throws `UsageError`. */
function rejectUnknownCommand(name: string, parent: Command): never {
  const names = parent.commands.map((command) => command.name());
  const meant = suggestName(name, names);
  const group = parent.parent ? `${parent.name()} ` : "";
  const help = meant === undefined ? `the commands are ${names.join(", ")}` : `did you mean ${group}${meant}?`;
  throw new UsageError(`Unknown command "${shown(group + name)}": ${help}`);
}

/** Rejects an argument: no command takes any. Throws `UsageError`. */
export function rejectArgument(argument: string, command: Command): never {
  throw new UsageError(
    `Cannot use "${shown(argument)}": ${command.name()} takes options only; see ${nameOf(command)} --help`,
  );
}

/** Explains an error of commander. Undefined when commander only ends the program after printing help. */
export function explainUsage(
  { code, message, exitCode }: CommanderError,
  args: readonly string[],
  program: Command,
): UsageError | undefined {
  if (exitCode === 0) return undefined;
  const [, subject = ""] = /'([^']*)'/s.exec(message) ?? [];
  switch (code) {
    case "commander.unknownOption": {
      const [flag = ""] = subject.split("=", 1);
      const meant = suggestName(flag.replace(/^-+/, ""), optionsOf(commandOf(args, program)));
      const help = meant === undefined ? "--help lists the options" : `did you mean --${meant}?`;
      return new UsageError(`Unknown option "${shown(flag)}": ${help}`);
    }
    case "commander.optionMissingArgument":
      return new UsageError(`Cannot use option ${subject}: its value is missing`);
    default:
      return new UsageError(escapeControls(message.replace(/^error: /, "")));
  }
}

/** Adds the command `help`. Rejects unknown commands, which commander takes for arguments of the default command. */
export function addHelp(parent: Command): void {
  parent
    .helpCommand(false)
    .command("help [command...]")
    .description("display help for a command")
    .exitOverride()
    .action((names: readonly string[]) => {
      const find = (from: Command, name: string) =>
        from.commands.find((command) => command.name() === name) ?? rejectUnknownCommand(name, from);
      names.reduce(find, parent).help();
    });
  parent.hook("preSubcommand", ({ args: [name], commands }) => {
    if (name === undefined || name.startsWith("-") || commands.some((command) => command.name() === name)) return;
    rejectUnknownCommand(name, parent);
  });
}

/** The command that the arguments name, or the program itself. */
function commandOf(args: readonly string[], program: Command): Command {
  return args.reduce((at, arg) => at.commands.find((command) => command.name() === arg) ?? at, program);
}

function optionsOf(command: Command): string[] {
  const help = Object.assign(command.createHelp(), { showGlobalOptions: true });
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
  return options.map(({ long }) => (long ?? "").slice(2));
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

/** A longer argument may be a secret, so only its beginning is shown. */
const MAX_SHOWN = 31;
const BEGINNING_LENGTH = 8;

function shown(text: string): string {
  const line = escapeControls(text);
  return line.length > MAX_SHOWN ? `${line.slice(0, BEGINNING_LENGTH)}…` : line;
}
