import { serveParent } from "./parent.ts";
import { startBenchSink } from "./sink.ts";

// A process of its own: the sink that its parent asks for.

const sink = await startBenchSink(JSON.parse(process.argv[2] ?? ""));
serveParent({ url: sink.url }, sink.figures);
