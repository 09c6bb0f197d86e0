import type { Http } from "./http.ts";

type Headers = Readonly<Record<string, string>>;

/** A client that replaces header values which were `known` at the start by the ones of the moment. */
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
