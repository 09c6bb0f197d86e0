import { hash } from "node:crypto";

/** So many entries differ in more than id and date; the one after repeats the first. */
const ENTRIES = 20_000;
/** Where the digits that are written anew stand, from the beginning of an entry: the last ones of the id, and the date. */
const ID = { at: '{"id":"12345678-1234-1234-1234-1234'.length, digits: 8, radix: 16 };
const DATE = { at: ID.at + ID.digits + '","date_create":'.length, digits: 10, radix: 10 };
/** Odd, so that each 32-bit number becomes another one; the result looks random, as ids do to whoever compresses them. */
const SCATTER = 0x9e3779b1;

const HEAD = Buffer.from('{"entries":[');
const COMMA = ",".charCodeAt(0);

/** Which entries a page holds: those from `to` on and before `from`, newest first. */
export interface PageRange {
  readonly from: number;
  readonly to: number;
  readonly secondOf: (index: number) => number;
  /** Empty on the last page. */
  readonly cursor: string;
}

/**
 * Makes the function that writes pages. The texts of the entries are written once, newest first; a page is a copy of them in
 * which only ids and dates are written anew, so that whoever reads pages is not measured against whoever makes them.
 */
export function createPages(): (range: PageRange) => Buffer {
  const texts = Array.from({ length: ENTRIES }, (_, at) => Buffer.from(`${entryText(ENTRIES - 1 - at)},`));
  const template = Buffer.concat(texts);
  const starts = new Float64Array(ENTRIES + 1);
  for (const [at, text] of texts.entries()) starts[at + 1] = startOf(at) + text.length;

  function startOf(at: number): number {
    return starts[at] ?? 0;
  }

  return ({ from, to, secondOf, cursor }) => {
    const tail = Buffer.from(`],"response_metadata":{"next_cursor":"${cursor}"}}`);
    const runs = [...runsOf(from, to)];
    const bytes = runs.reduce((sum, { first, end }) => sum + startOf(end) - startOf(first), 0);
    const page = Buffer.allocUnsafeSlow(HEAD.length + bytes + tail.length);
    let length = HEAD.copy(page);
    let index = from - 1;
    for (const { first, end } of runs) {
      const shift = length - startOf(first);
      length += template.copy(page, length, startOf(first), startOf(end));
      for (let at = first; at < end; at++, index--) {
        writeNumber(page, Math.imul(index, SCATTER) >>> 0, { ...ID, start: shift + startOf(at) });
        writeNumber(page, secondOf(index), { ...DATE, start: shift + startOf(at) });
      }
    }
    if (page[length - 1] === COMMA) length--;
    length += tail.copy(page, length);
    return page.subarray(0, length);
  };
}

/** The stretches of the template that a page is copied from. */
function* runsOf(from: number, to: number): Generator<{ first: number; end: number }> {
  for (let index = from - 1; index >= to; ) {
    const first = ENTRIES - 1 - (index % ENTRIES);
    const end = Math.min(ENTRIES, first + index - to + 1);
    yield { first, end };
    index -= end - first;
  }
}

function writeNumber(
  page: Buffer,
  value: number,
  { start, at, digits, radix }: { start: number; at: number; digits: number; radix: number },
): void {
  let left = value;
  for (let place = start + at + digits - 1; place >= start + at; place--) {
    const rest = Math.floor(left / radix);
    const digit = left - rest * radix;
    page[place] = digit < 10 ? 48 + digit : 87 + digit;
    left = rest;
  }
}

const ACTIONS = [
  "user_login",
  "file_downloaded",
  "public_channel_created",
  "user_channel_join",
  "pref.sso_setting_changed",
];

/** An entry of about 700 bytes that follows from its number; id and date are yet to be written. */
function entryText(number: number): string {
  const noise = hash("md5", String(number));
  const below = (limit: number, at: number) => Number.parseInt(noise.slice(at, at + 8), 16) % limit;
  const id = noise.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  const file = noise.slice(0, 10).toUpperCase();
  const user = 1_000 + below(4_000, 4);
  const action = ACTIONS[below(ACTIONS.length, 8)];
  return `{"id":"${id}","date_create":1000000000,"action":"${action}","actor":{"type":"user","user":{"id":"U0BENCH${user}","name":"Bench Person ${user}","email":"person.${user}@bench.example","team":"E0BENCH0001"}},"entity":{"type":"file","file":{"id":"F0${file}","name":"quarterly report ${below(97, 12)}.pdf","filetype":"application/pdf","title":"Quarterly report"}},"context":{"location":{"type":"workspace","id":"T0BENCH0002","name":"Bench Workspace","domain":"bench-workspace"},"ua":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36","ip_address":"203.0.113.${below(250, 16)}","session_id":${847_000_000_000 + below(1e9, 20)}},"details":{"url_private":"https://files.bench.example/F0${file}"}}`;
}
