import { promisify } from "node:util";
import zlib from "node:zlib";
import type { Encoding } from "./case.ts";

/** Each compression at Node's default level, in the thread pool. */
export const compress: Readonly<Record<Encoding["compression"], (data: Uint8Array) => Promise<Uint8Array>>> = {
  none: async (data) => data,
  gzip: promisify<zlib.InputType, Buffer>(zlib.gzip),
  zstd: promisify<zlib.InputType, Buffer>(zlib.zstdCompress),
};
