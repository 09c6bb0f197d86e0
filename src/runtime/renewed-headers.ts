import type { Http } from "./http.ts";

type Headers = Readonly<Record<string, string>>;

/** Wraps a client. A header that still has its value of the start (`known`) gets its current value. */
export function withRenewedHeaders(http: Http, known: Headers, current: () => Headers): Http {
  return {
    ...http,
    send(url, request, signal) {
      const { headers = {} } = request;
      const renewed = Object.entries(current()).filter(([name]) => headers[name] === known[name]);
      return http.send(url, { ...request, headers: { ...headers, ...Object.fromEntries(renewed) } }, signal);
    },
  };
}
