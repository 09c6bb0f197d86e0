/** The exit codes of every command, after sysexits.h. */
export const ExitCode = { done: 0, failed: 1, usage: 64, unavailable: 69, held: 75, unusable: 78 } as const;

/** The end of the text of `--help`. */
export const exitCodeHelp = `
Exit codes:
  0   done
  1   crash
  64  the command line is wrong
  69  Slack or the collector cannot be reached (check, dead-letters replay)
  75  another daemon holds the state
  78  configuration or state cannot be used, or a check found a fault
`;
