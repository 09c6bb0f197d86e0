import type { IncomingMessage } from "node:http";
import { readBody } from "../http/listener.ts";

/** One request to Slack, taken apart. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
}

/** What a test can ask about a request that was made. */
export interface SlackRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Slack's time, in milliseconds. */
  readonly at: number;
  /** Whether the request carried an `Authorization` header. */
  readonly authorization: boolean;
}

/** Reads a request to its end. */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://slack");
  const body = await readBody(request);
  return {
    method: request.method ?? "GET",
    path: pathname,
    query: searchParams,
    form: new URLSearchParams(body.toString()),
    authorization: request.headers.authorization,
  };
}

/** The token of a call: the bearer's, or else, as the Web API allows, the form's. */
export function tokenOf({ authorization, form }: Call): string | undefined {
  return /^Bearer (.+)$/i.exec(authorization ?? "")?.[1] ?? form.get("token") ?? undefined;
}
