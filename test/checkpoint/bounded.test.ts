/** @file Sizes that a file claims are looked at before anything of that size is made or waited for. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseFileJson } from "../../src/checkpoint/json.js";
import type { ByteSource } from "../../src/checkpoint/source.js";
import { readSafetensors } from "../../src/checkpoint/safetensors.js";
import { openFile } from "../../src/node/file-source.js";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "gradlens-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file that begins with the length of a header, and counts what is read of it. */
function claiming(header: number, size: number): { source: ByteSource; read: () => number } {
  let read = 0;
  const start = new Uint8Array(8);
  new DataView(start.buffer).setBigUint64(0, BigInt(header), true);
  const source: ByteSource = {
    name: "x.safetensors",
    size,
    read(offset, length) {
      read += length;
      return Promise.resolve(offset === 0 ? start.subarray(0, length) : new Uint8Array(length));
    },
  };
  return { source, read: () => read };
}

it("a header that is most of a large file is not read", async () => {
  const { source, read } = claiming(60_000_000, 70_000_000);
  await expect(readSafetensors(source)).rejects.toMatchObject({
    code: "bad-file",
    message: expect.stringMatching(/header of 60000000 bytes and less data/) as string,
  });
  expect(read()).toBeLessThan(100);
  // A small file may be all header, and a large model may have a large one.
  for (const [header, size] of [
    [1000, 1008],
    [20_000_000, 90_000_000],
  ] as const)
    await expect(readSafetensors(claiming(header, size).source)).rejects.toThrow(/not valid JSON/);
});

it("a pipe and a device are refused as checkpoints without waiting", async () => {
  execFileSync("mkfifo", [join(folder, "pipe")]);
  for (const path of [join(folder, "pipe"), "/dev/zero"])
    await expect(openFile(path)).rejects.toThrow(/is a pipe or a device/);
});

it("a key of millions of backslashes is read to its end", () => {
  const key = "\\".repeat(5_000_000);
  const entry = `"dtype":"F32","shape":[4000000],"data_offsets":[0,16000000]`;
  const header = new TextEncoder().encode(`{${JSON.stringify(key)}:{${entry}},"x":{${entry},"x":1,"x":2}}`);
  expect(() => parseFileJson("x", "its header", header)).toThrow(/its header names "x" twice/);
});
