import type { Terminal } from "./terminal.ts";

export async function demo(_options: object, _terminal: Terminal): Promise<number> {
  return 0;
}
