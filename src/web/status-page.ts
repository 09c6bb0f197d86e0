import { html } from "hono/html";
import type { SourceStatus, StateName, StatusSnapshot } from "../model.ts";
import { type Html, layout, sentence } from "./layout.ts";

const REFRESH_SECONDS = 5;

const STATE_WORDS: Readonly<Record<StateName, readonly [word: string, colour: string]>> = {
  waiting_for_authorization: ["waiting for authorization", "amber"],
  catching_up: ["catching up", "blue"],
  live: ["live", "green"],
  held: ["held", "red"],
};

/** The content of `/status.json` as a page that reloads itself. */
export function statusPage(
  { version, ready, uptime_seconds, sources }: StatusSnapshot,
  { metrics }: { metrics: boolean },
): Html {
  const all = Object.entries(sources);
  const waiting = all.filter(([, source]) => !source.ready).length;
  return layout({
    title: ready ? "Slack audit logs: all well" : "Slack audit logs: not ready",
    heading: "Slack audit logs",
    lead: ready
      ? "Everything is read and delivered"
      : `${waiting} of ${all.length} ${all.length === 1 ? "source is" : "sources are"} not ready`,
    main: html`${all.map(([name, source]) => card(name, source))}`,
    footer: html`<span>slack-audit-receiver ${version}, up ${formatDuration(uptime_seconds)}</span>
<a href="status.json">status.json</a>${metrics && html`<a href="metrics">metrics</a>`}`,
    refreshSeconds: REFRESH_SECONDS,
  });
}

function card(name: string, source: SourceStatus): Html {
  const [word, usual] = STATE_WORDS[source.state];
  const colour = source.state === "live" && source.reason !== null ? "amber" : usual;
  return html`<section class="card">
<div class="top"><h2>${name}</h2><span class="word ${colour}">${word}</span></div>
${problem(source)}
<table>${rowsOf(source).map(([label, value]) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`)}</table>
${counts(source)}
</section>`;
}

function counts(source: SourceStatus): Html | undefined {
  if (source.state === "waiting_for_authorization" && source.counts.read === 0) return undefined;
  const shown = countsOf(source).map(
    ([label, count]) => html`<div><dt>${label}</dt><dd>${count.toLocaleString("en")}</dd></div>`,
  );
  return html`<dl class="counts">${shown}</dl>`;
}

function problem({ state, reason, remedy }: SourceStatus): Html | undefined {
  if (reason === null) return undefined;
  const colour = state === "held" ? "red" : "amber";
  return html`<div class="problem ${colour}"><p>${sentence(reason)}</p>${remedy && html`<p>${sentence(remedy)}</p>`}</div>`;
}

function rowsOf({ organisation, position, lag_seconds, last_poll, authorized_at }: SourceStatus): [string, Html][] {
  const rows: [string, Html | undefined][] = [
    ["Organisation", organisation ? organisationWords(organisation) : undefined],
    ["Delivered up to", position === null ? undefined : time(position)],
    ["Behind now", lag_seconds === null ? undefined : html`${formatDuration(lag_seconds)}`],
    ["Slack answered last", last_poll === null ? undefined : time(last_poll)],
    ["Authorized", authorized_at === null ? undefined : time(authorized_at)],
  ];
  return rows.filter((row): row is [string, Html] => row[1] !== undefined);
}

function organisationWords({ id, name, domain }: NonNullable<SourceStatus["organisation"]>): Html {
  const details = [domain, name === null ? null : id].filter((detail) => detail !== null).join(", ");
  return html`${name ?? id} ${details && html`<span class="soft">${details}</span>`}`;
}

function time(rfc3339: string): Html {
  return html`<time datetime="${rfc3339}">${formatTime(rfc3339)}</time>`;
}

/** The counts that are always shown, then the rare ones that are not zero. */
function countsOf({ counts }: SourceStatus): [string, number][] {
  const always: [string, number][] = [
    ["read", counts.read],
    ["delivered", counts.delivered],
    ["seen before", counts.seen],
    ["filtered", counts.filtered],
  ];
  const rare: [string, number][] = [
    ["set aside", counts.set_aside],
    ["as text only", counts.mapping_errors],
    ["retries", counts.retries],
  ];
  return [...always, ...rare.filter(([, count]) => count > 0)];
}

/** The duration in its two largest units, such as `1 day 2 hours`. */
function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  for (const [unit, size, smaller, smallerSize] of UNITS) {
    if (whole < size) continue;
    const rest = Math.floor((whole % size) / smallerSize);
    const first = plural(Math.floor(whole / size), unit);
    return rest > 0 ? `${first} ${plural(rest, smaller)}` : first;
  }
  return plural(whole, "second");
}

const UNITS = [
  ["day", 86_400, "hour", 3_600],
  ["hour", 3_600, "minute", 60],
  ["minute", 60, "second", 1],
] as const;

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** `2026-01-31 12:00:00 UTC` for an RFC 3339 time. */
function formatTime(rfc3339: string): string {
  return rfc3339.replace("T", " ").replace("Z", " UTC");
}
