import { type Verb, verbOf } from "./verb.ts";

/** An OCSF class and the ids of its activities (schema.ocsf.io/classes); any other activity is `Other`, 99. */
interface OcsfClass {
  readonly uid: number;
  readonly name: string;
  readonly activities: Readonly<Partial<Record<Verb, number>>>;
}

const ACCOUNT: OcsfClass = {
  uid: 3001,
  name: "Account Change",
  activities: { create: 1, enable: 2, restore: 2, reset: 4, disable: 5, delete: 6 },
};
const AUTHENTICATION: OcsfClass = {
  uid: 3002,
  name: "Authentication",
  activities: { logon: 1, logoff: 2, reset: 2 },
};
const ENTITY: OcsfClass = {
  uid: 3004,
  name: "Entity Management",
  activities: { create: 1, grant: 1, read: 2, update: 3, enable: 3, disable: 3, delete: 4, revoke: 4 },
};
const USER_ACCESS: OcsfClass = {
  uid: 3005,
  name: "User Access Management",
  activities: { grant: 1, delete: 2, revoke: 2 },
};
const GROUP: OcsfClass = { uid: 3006, name: "Group Management", activities: {} };
const WEB_RESOURCES: OcsfClass = {
  uid: 6001,
  name: "Web Resources Activity",
  activities: {
    create: 1,
    read: 2,
    update: 3,
    restore: 3,
    delete: 4,
    search: 5,
    import: 6,
    export: 7,
    download: 7,
    share: 8,
  },
};
const APPLICATION: OcsfClass = {
  uid: 6002,
  name: "Application Lifecycle",
  activities: { install: 1, uninstall: 2, delete: 2 },
};
const API: OcsfClass = {
  uid: 6003,
  name: "API Activity",
  activities: { create: 1, read: 2, search: 2, update: 3, delete: 4 },
};
const FILE_HOSTING: OcsfClass = {
  uid: 6006,
  name: "File Hosting Activity",
  activities: { upload: 1, download: 2, update: 3, delete: 4, restore: 8, share: 12, revoke: 13 },
};
const DETECTION: OcsfClass = { uid: 2004, name: "Detection Finding", activities: { other: 1 } };
const DATA_SECURITY: OcsfClass = { uid: 2006, name: "Data Security Finding", activities: { delete: 3 } };

/** The classes of categories. `BY_ACTION` wins. */
const BY_CATEGORY: Readonly<Record<string, OcsfClass>> = {
  user: ACCOUNT,
  role: USER_ACCESS,
  account_type_role: USER_ACCESS,
  subteam: GROUP,
  file: FILE_HOSTING,
  canvas: WEB_RESOURCES,
  list: WEB_RESOURCES,
  channel: WEB_RESOURCES,
  message: WEB_RESOURCES,
  huddle: WEB_RESOURCES,
  template: WEB_RESOURCES,
  workflow_builder: WEB_RESOURCES,
  workflow_v2: WEB_RESOURCES,
  app: APPLICATION,
  slack_cli: APPLICATION,
};

const BY_ACTION: readonly (readonly [actions: RegExp, ofClass: OcsfClass, activityId?: number])[] = [
  [/^anomaly$|malicious|suspicious/, DETECTION, 1],
  [/^native_dlp_rule_action_applied$/, DATA_SECURITY, 1],
  [/^native_dlp_violation_deleted$/, DATA_SECURITY, 3],
  [/^(user|cli)_log(in|out)(_|$)|_sessions?_(reset|invalidated)/, AUTHENTICATION],
  [/^user_passkey_created$/, ACCOUNT, 10],
  [/^user_passkey_removed$/, ACCOUNT, 11],
  [/^role_assigned$/, USER_ACCESS, 3],
  [/^role_removed$/, USER_ACCESS, 4],
  [/^role_(created|updated|deleted)$/, ENTITY],
  [/^role_added_to_usergroup$/, GROUP, 1],
  [/^role_removed_from_usergroup$/, GROUP, 2],
  [/^user_added_to_usergroup$/, GROUP, 3],
  [/^user_removed_from_usergroup$/, GROUP, 4],
  [/^file_public_link_created$/, FILE_HOSTING, 12],
  [/^file_download(ed)?_blocked$/, FILE_HOSTING, 2],
  [/^file_upload_blocked/, FILE_HOSTING, 1],
  [/^file_share_blocked/, FILE_HOSTING, 12],
  [/_tool_called$/, API],
  [/_export_|_export$|_searched/, WEB_RESOURCES],
];

/** The OCSF class and activity of an action. */
export function ocsfClassOf(action: string, category: string): { name: string; classUid: number; activityId: number } {
  const found = BY_ACTION.find(([actions]) => actions.test(action));
  const { name, uid, activities } = found?.[1] ?? BY_CATEGORY[category] ?? ENTITY;
  const byExport = uid === WEB_RESOURCES.uid && action.includes("_export_") ? 7 : undefined;
  return { name, classUid: uid, activityId: found?.[2] ?? byExport ?? activities[verbOf(action)] ?? 99 };
}
