import { html } from "hono/html";
import type { SourceStatus, StateName, StatusSnapshot } from "../model.ts";
import { countWords, spanWords, timeWords } from "./human.ts";
import { type Html, layout } from "./layout.ts";

const REFRESH_SECONDS = 5;

const WORDS: Readonly<Record<StateName, readonly [word: string, colour: string]>> = {
  waiting_for_authorization: ["waiting for authorization", "amber"],
  catching_up: ["catching up", "blue"],
  live: ["live", "green"],
  held: ["held", "red"],
};

/** The same as `/status.json`, for a person. */
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
    footer: html`<span>slack-audit-receiver ${version}, up ${spanWords(uptime_seconds)}</span>
<a href="status.json">status.json</a>${metrics && html`<a href="metrics">metrics</a>`}`,
    refreshSeconds: REFRESH_SECONDS,
  });
}

function card(name: string, source: SourceStatus): Html {
  const [word, usual] = WORDS[source.state];
  const colour = source.state === "live" && source.reason !== null ? "amber" : usual;
  return html`<section class="card">
<div class="top"><h2>${name}</h2><span class="word ${colour}">${word}</span></div>
${trouble(source)}
<table>${rowsOf(source).map(([label, value]) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`)}</table>
${counts(source)}
</section>`;
}

function counts(source: SourceStatus): Html | undefined {
  if (source.state === "waiting_for_authorization" && source.counts.read === 0) return undefined;
  const shown = countsOf(source).map(
    ([label, count]) => html`<div><dt>${label}</dt><dd>${countWords(count)}</dd></div>`,
  );
  return html`<dl class="counts">${shown}</dl>`;
}

function trouble({ state, reason, remedy }: SourceStatus): Html | undefined {
  if (reason === null) return undefined;
  const colour = state === "held" ? "red" : "amber";
  return html`<div class="trouble ${colour}"><p>${sentence(reason)}</p>${remedy && html`<p>${sentence(remedy)}</p>`}</div>`;
}

function rowsOf({ organisation, position, lag_seconds, last_poll, authorized_at }: SourceStatus): [string, Html][] {
  const rows: [string, Html | undefined][] = [
    ["Organisation", organisation ? organisationWords(organisation) : undefined],
    ["Delivered up to", position === null ? undefined : time(position)],
    ["Behind now", lag_seconds === null ? undefined : html`${spanWords(lag_seconds)}`],
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
  return html`<time datetime="${rfc3339}">${timeWords(rfc3339)}</time>`;
}

/** The usual ones always; the others once there is something to say. */
function countsOf({ counts }: SourceStatus): [string, number][] {
  const always: [string, number][] = [
    ["read", counts.read],
    ["delivered", counts.delivered],
    ["seen before", counts.seen],
    ["filtered", counts.filtered],
  ];
  const seldom: [string, number][] = [
    ["set aside", counts.set_aside],
    ["as text only", counts.mapping_errors],
    ["retries", counts.retries],
  ];
  return [...always, ...seldom.filter(([, count]) => count > 0)];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
