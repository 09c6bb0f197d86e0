import type { Organisation } from "../../model.ts";

/** Who can install an app: only an owner's token reads audit logs. */
export type Installer = "owner" | "member";

/** The organisation that the demonstration runs in. */
export const DEMO_ORGANISATION: Required<Organisation> = {
  id: "E06LANTERN1",
  name: "Lantern Harbour",
  domain: "lantern-harbour",
};

/** The workspace that an installation on one workspace only goes to. */
export const DEMO_WORKSPACE = { id: "T06LANTERN2", name: "Lantern Engineering", domain: "lantern-engineering" };

/** The people who install. */
export const PEOPLE: Readonly<Record<Installer, { readonly id: string; readonly name: string }>> = {
  owner: { id: "U06ORGOWNER", name: "org.owner" },
  member: { id: "U06MEMBER01", name: "some.member" },
};
