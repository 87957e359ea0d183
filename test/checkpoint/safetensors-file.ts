/** @file Safetensors files with anything in them, for tests. */

const encode = (text: string) => new TextEncoder().encode(text);

export function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function u64(value: bigint | number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

/** A file with this header text (or object) before `data`. */
export function safetensorsFile(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const json = encode(typeof header === "string" ? header : JSON.stringify(header));
  return joined(u64(json.length), json, data);
}
