import { answers } from "./answers.ts";
import { machines } from "./machines.ts";
import { proxies } from "./proxies.ts";
import type { Area } from "./row.ts";
import { stateFolders } from "./state-folders.ts";
import { tls } from "./tls.ts";

/** All tables of rows. */
export const areas: readonly Area[] = [answers, tls, proxies, stateFolders, machines];
