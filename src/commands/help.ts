import type { Command } from "commander";
import { refuseUnknownCommand } from "./usage.ts";

/** Adds the command `help`, and refuses names of no command, which would else be arguments of the default command. */
export function addHelp(parent: Command): void {
  parent
    .helpCommand(false)
    .command("help [command...]")
    .description("display help for a command")
    .exitOverride()
    .action((names: readonly string[]) => {
      const find = (from: Command, name: string) =>
        from.commands.find((command) => command.name() === name) ?? refuseUnknownCommand(name, from);
      names.reduce(find, parent).help();
    });
  parent.hook("preSubcommand", ({ args: [name], commands }) => {
    if (name === undefined || name.startsWith("-") || commands.some((command) => command.name() === name)) return;
    refuseUnknownCommand(name, parent);
  });
}
