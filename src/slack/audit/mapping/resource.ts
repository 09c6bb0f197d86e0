import { resourceFromAttributes } from "@opentelemetry/resources";
import type { Organisation, Resource } from "../../../model.ts";

/**
 * Makes the function that gives the resource of an organisation's records. The operator's `overrides` win. The same organisation
 * gets the same object, because serializers group records by the identity of their resource.
 */
export function createResourceOf(
  source: string,
  overrides: Readonly<Record<string, string>>,
): (organisation: Organisation | undefined) => Resource {
  const made = new Map<Organisation | undefined, Resource>();
  return (organisation) => {
    const known = made.get(organisation);
    if (known) return known;
    const resource = resourceFromAttributes({
      "service.name": "slack",
      "slack.audit.source": source,
      ...(organisation?.id && { "slack.enterprise.id": organisation.id }),
      ...(organisation?.name && { "slack.enterprise.name": organisation.name }),
      ...(organisation?.domain && { "slack.enterprise.domain": organisation.domain }),
      ...overrides,
    });
    made.clear();
    made.set(organisation, resource);
    return resource;
  };
}
