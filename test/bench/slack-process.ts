import { serveParent } from "./parent.ts";
import { startBenchSlack } from "./slack.ts";

// A process of its own: the Slack that its parent asks for.

const slack = await startBenchSlack(JSON.parse(process.argv[2] ?? ""));
serveParent({ url: slack.url, auditUrl: slack.auditUrl }, () => ({
  requests: slack.requests(),
  firstRequestAtMs: slack.firstRequestAtMs(),
}));
