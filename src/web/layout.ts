import { html, raw } from "hono/html";
import { STYLE } from "./style.ts";

/** Part of a page. Values interpolated with the `html` tag are escaped. */
export type Html = ReturnType<typeof html>;

const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`);
const ICON = raw(
  `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#3f3a8c"/><path d="M4 5h8M4 8h8M4 11h5" stroke="#fff" stroke-width="1.5" stroke-linecap="round"/></svg>')}`,
);

/** Renders a whole page. `lead` is the line under the heading. */
export function layout(page: {
  title: string;
  heading: string;
  lead: Html | string;
  main: Html;
  footer?: Html;
  refreshSeconds?: number;
}): Html {
  const refresh = page.refreshSeconds && html`<meta http-equiv="refresh" content="${page.refreshSeconds}" />`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="robots" content="noindex" />
${refresh}
<title>${page.title}</title>
<link rel="icon" href="${ICON}" />
${STYLE_ELEMENT}
</head>
<body>
<header>
<h1>${page.heading}</h1>
<p class="soft">${page.lead}</p>
</header>
<main>
${page.main}
</main>
<footer>${page.footer ?? "slack-audit-receiver"}</footer>
</body>
</html>`;
}

/** Starts the text with a capital letter. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
