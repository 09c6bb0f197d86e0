import type { Command, CommanderError } from "commander";
import { nearest } from "../config/nearest.ts";
import { printable } from "../runtime/printable.ts";
import { UsageError } from "./terminal.ts";

/** Rejects a command that does not exist with the name that comes closest, or with all names. */
export function refuseUnknownCommand(name: string, parent: Command): never {
  const names = parent.commands.map((command) => command.name());
  const meant = nearest(name, names);
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

/** One line for a command line that commander refuses. */
export function explainUsage({ code, message }: CommanderError, known: readonly string[]): string {
  const [, subject = ""] = /'([^']*)'/s.exec(message) ?? [];
  switch (code) {
    case "commander.unknownOption": {
      const [flag = ""] = subject.split("=", 1);
      const meant = nearest(flag.replace(/^-+/, ""), known);
      return `Unknown option "${shown(flag)}": ${meant === undefined ? "--help lists the options" : `did you mean --${meant}?`}`;
    }
    case "commander.optionMissingArgument":
      return `Cannot use option ${subject}: its value is missing`;
    default:
      return printable(message.replace(/^error: /, ""));
  }
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

/** What is longer may be a secret that slipped in, so only its beginning is shown. */
const LONGEST_SHOWN = 31;
const BEGINNING = 8;

function shown(text: string): string {
  const line = printable(text);
  return line.length > LONGEST_SHOWN ? `${line.slice(0, BEGINNING)}…` : line;
}
