import { simulate } from "./simulate.ts";
import { createWorld } from "./world.ts";

const world = createWorld(Number(process.argv[2]));
const s = world.schedule;
console.log(JSON.stringify({ ...s, entries: s.entries.length }, null, 1));
const report = world.accounts.report;
const lines: string[] = [];
const t = () => ((world.timeline.now() - s.timeline.startMs) / 1000).toFixed(3);
(world.accounts as any).report = (e: any) => {
  lines.push(t() + " " + JSON.stringify(e));
  report(e);
};
const h = world.collector.handle;
(world.collector as any).handle = (r: any, n: any) => {
  const a = h(r, n);
  lines.push(
    t() +
      " EXPORT " +
      r.map((x: any) => x.attributes["log.record.uid"]).join() +
      " -> " +
      a.answer?.status +
      " " +
      JSON.stringify(a.answer?.headers),
  );
  return a;
};
const p = world.slack.page;
(world.slack as any).page = (q: any, n: any) => {
  const a = p(q, n);
  lines.push(
    t() +
      " PAGE " +
      JSON.stringify(q) +
      " -> " +
      (typeof a === "string" ? a : a.entries.map((e: any) => e.id + "@" + e.date).join() + " next " + a.nextCursor),
  );
  return a;
};
const v = world.claims.visible;
(world.claims as any).visible = (x: string) => {
  lines.push(t() + " VISIBLE " + x.slice(0, 400));
  v(x);
};
const l = world.claims.loaded;
(world.claims as any).loaded = (x: any) => {
  lines.push(t() + " LOADED " + JSON.stringify(x)?.slice(0, 300));
  l(x);
};
const r = await simulate(world);
console.log(lines.slice(-Number(process.argv[3] ?? 60)).join("\n"));
console.log(r, s.entries.slice(0, 0));
