import type { Command, CommanderError } from "commander";
import { suggestName } from "../config/suggest-name.ts";
import { escapeControls } from "../runtime/escape-controls.ts";
import { UsageError } from "./terminal.ts";

/** Rejects a command that does not exist with the name that comes closest, or with all names. */
export function refuseUnknownCommand(name: string, parent: Command): never {
  const names = parent.commands.map((command) => command.name());
  const meant = suggestName(name, names);
  const group = parent.parent ? `${parent.name()} ` : "";
  const help = meant === undefined ? `the commands are ${names.join(", ")}` : `did you mean ${group}${meant}?`;
  throw new UsageError(`Unknown command "${shown(group + name)}": ${help}`);
}

/** Rejects an argument of a command that takes none. */
export function refuseArgument(argument: string, command: Command): never {
  throw new UsageError(
    `Cannot use "${shown(argument)}": ${command.name()} takes options only; see ${nameOf(command)} --help`,
  );
}

/** What commander's error means for the person who typed the arguments; undefined where it only ends the program, after help. */
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

/** The command that a command line names; the program where it names none. */
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

/** What is longer may be a secret that slipped in, so only its beginning is shown. */
const LONGEST_SHOWN = 31;
const BEGINNING = 8;

function shown(text: string): string {
  const line = escapeControls(text);
  return line.length > LONGEST_SHOWN ? `${line.slice(0, BEGINNING)}…` : line;
}
