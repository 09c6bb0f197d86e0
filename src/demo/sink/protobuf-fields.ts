/** A field of a Protocol Buffers message: an integer, or the bytes of a string, a message or a packed list. */
export type Field = { readonly number: number } & (
  | { readonly type: "integer"; readonly value: bigint }
  | { readonly type: "bytes"; readonly value: Uint8Array }
);

/** Reads the fields of a message in order (https://protobuf.dev/programming-guides/encoding). Throws if the bytes are invalid. */
export function* readFields(message: Uint8Array): Generator<Field, void, void> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  while (at < message.length) {
    const tag = readVarint(message, at);
    at = tag.end;
    const number = Number(tag.value >> 3n);
    switch (Number(tag.value & 7n)) {
      case 0: {
        const { value, end } = readVarint(message, at);
        yield { number, type: "integer", value };
        at = end;
        break;
      }
      case 1:
        yield { number, type: "integer", value: view.getBigUint64(at, true) };
        at += 8;
        break;
      case 2: {
        const { value, end } = readVarint(message, at);
        at = end + Number(value);
        if (at > message.length) throw new RangeError("Cannot read the message: a field exceeds it");
        yield { number, type: "bytes", value: message.subarray(end, at) };
        break;
      }
      case 5:
        yield { number, type: "integer", value: BigInt(view.getUint32(at, true)) };
        at += 4;
        break;
      default:
        throw new RangeError(`Cannot read the message: wire type ${tag.value & 7n} is unknown`);
    }
  }
}

function readVarint(bytes: Uint8Array, start: number): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) break;
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: start + index + 1 };
  }
  throw new RangeError("Cannot read the message: a varint does not end");
}
