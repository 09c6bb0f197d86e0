import { detailsSection } from "./details.ts";
import {
  actorSection,
  actorUserSection,
  agentMessageSection,
  contextAppSection,
  contextSection,
  entrySection,
  locationSection,
  type Section,
} from "./members.ts";

/** A section, and those of the objects among its members. */
export interface Tree {
  readonly section: Section;
  readonly nested: Readonly<Record<string, Tree>>;
}

/** The objects of an entry, but for `entity`, whose members depend on its type. */
export const entryTree: Tree = {
  section: entrySection,
  nested: {
    actor: { section: actorSection, nested: { user: leaf(actorUserSection) } },
    context: {
      section: contextSection,
      nested: {
        location: leaf(locationSection),
        app: leaf(contextAppSection),
        agent_message: leaf(agentMessageSection),
      },
    },
    details: leaf(detailsSection),
  },
};

function leaf(section: Section): Tree {
  return { section, nested: {} };
}
