/** What the program ends with, after sysexits.h. */
export const ExitCode = { done: 0, crash: 1, usage: 64, unavailable: 69, held: 75, unusable: 78 } as const;

/** The same for a person, at the end of `--help`. */
export const exitCodeHelp = `
Exit codes:
  0   done
  1   crash
  64  the command line is wrong
  69  Slack or the collector cannot be reached (check, dead-letters replay)
  75  another daemon holds the state
  78  configuration or state cannot be used, or a check found a fault
`;
