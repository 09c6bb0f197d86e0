import { ADMINISTRATION_KINDS } from "./administration-kinds.ts";
import { ANOMALY_KINDS } from "./anomaly-kinds.ts";
import { APP_KINDS } from "./app-kinds.ts";
import { CHANNEL_KINDS } from "./channel-kinds.ts";
import { FILE_KINDS } from "./file-kinds.ts";
import type { Kind } from "./kind.ts";
import { USER_KINDS } from "./user-kinds.ts";

/** Every kind of entry that occurs here. */
export const KINDS: readonly Kind[] = [
  ...USER_KINDS,
  ...CHANNEL_KINDS,
  ...FILE_KINDS,
  ...APP_KINDS,
  ...ADMINISTRATION_KINDS,
  ...ANOMALY_KINDS,
];
