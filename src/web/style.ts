/** The style sheet of every page, inline. The content security policy allows it by its hash. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f5f2; --card: #ffffff; --ink: #1d1c1a; --soft: #6b6862; --line: #e4e1da;
  --green: #1f7a4d; --blue: #2358b8; --amber: #95600a; --red: #b3261e; --accent: #3f3a8c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15161a; --card: #1d1f24; --ink: #ecebe7; --soft: #9d9a93; --line: #2e3138;
    --green: #63c795; --blue: #86aef5; --amber: #e2b25d; --red: #f28b82; --accent: #a9a4f5;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%; overflow-wrap: anywhere;
}
main, footer, header { max-width: 46rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 3rem; padding-bottom: 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; letter-spacing: -.015em; font-weight: 650; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0; font-weight: 650; }
p { margin: .5rem 0; }
p + h2 { margin-top: 1.4rem; }
.card > p:last-child { margin-bottom: 0; }
.aside { border-top: 1px solid var(--line); padding-top: 1rem; margin-top: 1.2rem; }
.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.4rem 1.5rem; margin: 0 0 1.25rem; }
.top { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; align-items: baseline; }
.word { font-weight: 650; white-space: nowrap; }
.word::before { content: ""; display: inline-block; width: .55em; height: .55em; border-radius: 50%; background: currentColor; margin-right: .5em; }
.green { color: var(--green); } .blue { color: var(--blue); } .amber { color: var(--amber); } .red { color: var(--red); }
.problem { border-left: 3px solid currentColor; padding-left: .9rem; margin: 1rem 0 0; }
.problem p { color: var(--ink); margin: .15rem 0; }
.problem p + p { color: var(--soft); }
table { width: 100%; border-collapse: collapse; margin-top: 1.1rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .5rem 0; border-top: 1px solid var(--line); vertical-align: top; font-weight: 400; }
th { color: var(--soft); width: 38%; padding-right: 1rem; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.5rem, 1fr)); gap: 1rem; margin: 1.2rem 0 0; }
.counts div { display: flex; flex-direction: column-reverse; }
dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; font-size: 1.3rem; font-weight: 600; font-variant-numeric: tabular-nums; }
ol { padding: 0; margin: 0; list-style: none; counter-reset: step; }
ol > li { counter-increment: step; position: relative; padding: 0 0 1.5rem 2.9rem; }
ol > li:last-child { padding-bottom: 0; }
ol > li::before {
  content: counter(step); position: absolute; left: 0; top: -.1rem; width: 1.9rem; height: 1.9rem; border-radius: 50%;
  border: 1px solid var(--line); color: var(--soft); display: grid; place-items: center; font-size: .9rem; font-weight: 600;
}
code { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.copy { display: block; user-select: all; -webkit-user-select: all; background: var(--ground); border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; margin: .6rem 0; }
button {
  font: inherit; font-weight: 600; color: #fff; background: #3f3a8c; border: 0; border-radius: 9px; padding: .7rem 1.3rem;
  margin-top: .6rem; cursor: pointer;
}
button:hover { background: #4f49a8; }
button.quiet { color: var(--ink); background: none; box-shadow: inset 0 0 0 1px var(--line); }
a { color: var(--accent); text-underline-offset: .18em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
footer { color: var(--soft); font-size: .9rem; padding-top: .5rem; padding-bottom: 3rem; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
footer a { color: inherit; }
@media (max-width: 34rem) {
  header { padding-top: 1.75rem; padding-bottom: 1.1rem; }
  main, footer, header { padding-left: 1rem; padding-right: 1rem; }
  .card { padding: 1.1rem 1.1rem; }
  .counts { grid-template-columns: 1fr 1fr; }
}
`;
