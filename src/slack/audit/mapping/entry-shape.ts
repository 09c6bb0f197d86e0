import { detailsSchema } from "./details.ts";
import {
  actorSchema,
  actorUserSchema,
  agentMessageSchema,
  contextAppSchema,
  contextSchema,
  entrySchema,
  locationSchema,
  type ObjectSchema,
} from "./entry-schema.ts";

/** An object's schema, and the shapes of the objects among its members. */
export interface ObjectShape {
  readonly schema: ObjectSchema;
  readonly nested: Readonly<Record<string, ObjectShape>>;
}

/** The shape of an entry, without `entity`, whose members depend on its type. */
export const entryShape: ObjectShape = {
  schema: entrySchema,
  nested: {
    actor: { schema: actorSchema, nested: { user: leaf(actorUserSchema) } },
    context: {
      schema: contextSchema,
      nested: {
        location: leaf(locationSchema),
        app: leaf(contextAppSchema),
        agent_message: leaf(agentMessageSchema),
      },
    },
    details: leaf(detailsSchema),
  },
};

function leaf(schema: ObjectSchema): ObjectShape {
  return { schema, nested: {} };
}
