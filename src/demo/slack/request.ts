import type { IncomingMessage } from "node:http";
import { readBody } from "../http/listener.ts";

/** A request to Slack, parsed. */
export interface ParsedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
}

/** The parts of a request that tests assert on. */
export interface SlackRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Slack's time in milliseconds. */
  readonly at: number;
  /** Whether the request carried an `Authorization` header. */
  readonly authorization: boolean;
}

/** Reads a request with its whole body, as a form. */
export async function parseRequest(request: IncomingMessage): Promise<ParsedRequest> {
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

/** The token of a request: from the `Authorization` header, or else from the form, as the Web API allows. */
export function tokenOf({ authorization, form }: ParsedRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(authorization ?? "")?.[1] ?? form.get("token") ?? undefined;
}
