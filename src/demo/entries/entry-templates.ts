import { ADMINISTRATION_TEMPLATES } from "./administration-templates.ts";
import { ANOMALY_TEMPLATES } from "./anomaly-templates.ts";
import { APP_TEMPLATES } from "./app-templates.ts";
import { CHANNEL_TEMPLATES } from "./channel-templates.ts";
import type { EntryTemplate } from "./entry-template.ts";
import { FILE_TEMPLATES } from "./file-templates.ts";
import { USER_TEMPLATES } from "./user-templates.ts";

/** Every template of the demonstration. */
export const ENTRY_TEMPLATES: readonly EntryTemplate[] = [
  ...USER_TEMPLATES,
  ...CHANNEL_TEMPLATES,
  ...FILE_TEMPLATES,
  ...APP_TEMPLATES,
  ...ADMINISTRATION_TEMPLATES,
  ...ANOMALY_TEMPLATES,
];
