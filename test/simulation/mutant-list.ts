import type { Mutant } from "./mutant.ts";
import { EXPORT_MUTANTS } from "./mutants-of-export.ts";
import { STATE_MUTANTS } from "./mutants-of-state.ts";
import { TRANSCODE_MUTANTS } from "./mutants-of-transcode.ts";
import { WALK_MUTANTS } from "./mutants-of-walk.ts";

/**
 * Each is a mistake that a poller has been published with, or one that this one could make. Left out are those that lose and
 * repeat nothing: sending a page newest entry first, not halving the window after a refused cursor, windows of another length,
 * a restart that forgets the budget of the process before it, and a `Date` that is taken for a second older than it is.
 */
export const MUTANTS: readonly Mutant[] = [...WALK_MUTANTS, ...TRANSCODE_MUTANTS, ...EXPORT_MUTANTS, ...STATE_MUTANTS];
