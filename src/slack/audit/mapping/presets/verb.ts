/** The kinds of things that actions do. */
export type Verb =
  | "logon"
  | "logoff"
  | "create"
  | "read"
  | "update"
  | "delete"
  | "search"
  | "export"
  | "import"
  | "share"
  | "unshare"
  | "restore"
  | "upload"
  | "download"
  | "install"
  | "uninstall"
  | "enable"
  | "disable"
  | "grant"
  | "revoke"
  | "start"
  | "end"
  | "reset"
  | "other";

const WORDS: Readonly<Partial<Record<Verb, string>>> = {
  logon: "login",
  logoff: "logout invalidated",
  create: "created generated started scheduled aliased cloned enrolled create begin opened_up initiated completed",
  read: "read opened viewed preview list get fetched accessed requested matched",
  update:
    "updated changed edited renamed set modified moved converted merged transferred reordered reassigned update rebound " +
    "synced refreshed reverted upserted edited migrated redacted moderated",
  delete: "deleted tombstoned archive archived removed expired dismissed delete hidden undone",
  search: "searched search",
  export: "export exported prepared",
  import: "import imported",
  share: "shared forwarded",
  unshare: "unshared",
  restore: "restored undeleted unarchive reconnected reactivated",
  upload: "uploaded upload",
  download: "downloaded download",
  install: "installed deployed install deploy",
  uninstall: "uninstalled",
  enable: "enabled activated approved verified published on",
  disable: "disabled deactivated restricted unverified unpublished off disconnected denied blocked declined",
  grant: "assigned added granted accepted upgraded joined join",
  revoke: "revoked downgraded released unenrolled left leave unassignment cleared",
  start: "start",
  end: "ended end",
  reset: "reset",
};

const VERB_OF: ReadonlyMap<string, Verb> = new Map(
  Object.entries(WORDS).flatMap(([verb, words]) => words.split(" ").map((word) => [word, verb as Verb] as const)),
);

/** Returns the last word of an action that is a verb, or the first one where a tool was called. */
export function verbOf(action: string): Verb {
  const words = action.slice(0, 200).toLowerCase().split(/[_.]/);
  const ordered = action.endsWith("_tool_called") ? words : words.reverse();
  for (const word of ordered) {
    const verb = VERB_OF.get(word);
    if (verb) return verb;
  }
  return action.startsWith("pref.") ? "update" : "other";
}

/** Reports whether an action names a failed or blocked attempt. */
export function hasFailed(action: string): boolean {
  return /(_failed|[_.]failure|_blocked(_by_\w+)?|_denied)$/.test(action);
}
