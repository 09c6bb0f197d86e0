import { isObject } from "../entry.ts";
import { unpackStrings } from "./attribute-type.ts";
import { inviterSection, kickerSection, type Section } from "./members.ts";
import { createPut, type Put } from "./put.ts";
import { createSection, type Vocabulary } from "./section.ts";
import { timeOfAction } from "./time-of-action.ts";

/** The members of `details` that Slack writes in more than one way, each made the same. */
export function createDetailsPuts(vocabulary: Vocabulary): Readonly<Record<string, Put>> {
  const put = (key: string) => createPut(`slack.audit.details.${key}`, vocabulary.rename);
  const putList = (key: string) => createPut(`slack.audit.details.${key}`, vocabulary.rename, unpackStrings);
  const [putTimestamp, putTime] = [put("action_timestamp"), put("action_time")];
  return {
    inviter: createPersonPut(inviterSection, vocabulary),
    kicker: createPersonPut(kickerSection, vocabulary),
    succeeded_users: putList("succeeded_users"),
    failed_users: putList("failed_users"),
    action_timestamp(attributes, value) {
      putTimestamp(attributes, value);
      putTime(attributes, timeOfAction(value));
    },
  };
}

/** A person is `{id, name, …}` or `{type, user: {id, name, …}}`: the same attributes come of both. */
function createPersonPut(section: Section, vocabulary: Vocabulary): Put {
  const putMember = createSection(section, vocabulary);
  const putWhole = createPut(section.prefix, vocabulary.rename);
  return (attributes, value) => {
    if (!isObject(value)) return putWhole(attributes, value);
    for (const key in value) {
      const member = value[key];
      if (key !== "user" || !isObject(member)) putMember(key)(attributes, member);
      else for (const inner in member) putMember(inner)(attributes, member[inner]);
    }
  };
}
