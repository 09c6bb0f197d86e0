import type { Organisation } from "../../model.ts";

/** The roles that can install an app. Only an owner's token can read audit logs. */
export type Installer = "owner" | "member";

/** The organisation of the demonstration. */
export const DEMO_ORGANISATION: Required<Organisation> = {
  id: "E06LANTERN1",
  name: "Lantern Harbour",
  domain: "lantern-harbour",
};

/** The workspace for installations on a single workspace. */
export const DEMO_WORKSPACE = { id: "T06LANTERN2", name: "Lantern Engineering", domain: "lantern-engineering" };

/** The user of each role. */
export const PEOPLE: Readonly<Record<Installer, { readonly id: string; readonly name: string }>> = {
  owner: { id: "U06ORGOWNER", name: "org.owner" },
  member: { id: "U06MEMBER01", name: "some.member" },
};
