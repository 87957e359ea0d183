/** @file Nothing in a file is ever run, and no file hangs, crashes or fills memory: it loads as inert data, or is refused in one line. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { fromBytes } from "../../src/checkpoint/source.js";
import type { Checkpoint } from "../../src/checkpoint/types.js";
import { GradlensError } from "../../src/errors.js";
import { HOSTILE_FILES } from "./hostile-files.js";
import { pickle, text, torchZip, dict, reduce, global, zipFile, tensor, storage } from "./pickle-bytes.js";

/** What a file is refused with; undefined where it is not. Anything but our error fails. */
async function refusal(read: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(GradlensError);
    expect((error as GradlensError).code).toBe("bad-file");
    expect((error as GradlensError).message).toMatch(/^[^\0-\x1f\x7f-\x9f]+$/);
    return (error as GradlensError).message;
  }
}

const readAll = async (checkpoint: Checkpoint) => {
  for (const tensor of checkpoint.tensors.values()) await tensor.bytes();
};

describe("hostile files", () => {
  it.each(HOSTILE_FILES.map((file) => [file.name, file] as const))(
    "a hostile file loads as inert data or is refused: %s",
    async (_, { file, refused, warned, unreadable }) => {
      const source = fromBytes("evil.pt", file());
      let checkpoint: Checkpoint | undefined;
      const started = performance.now();
      const opening = await refusal(async () => (checkpoint = await readCheckpoint(source)));
      expect(performance.now() - started).toBeLessThan(20_000);
      if (refused !== undefined) {
        expect(opening).toMatch(refused);
        return;
      }
      expect(opening).toBeUndefined();
      if (unreadable !== undefined) {
        expect(await refusal(() => readAll(checkpoint!))).toMatch(unreadable);
        return;
      }
      await readAll(checkpoint!);
      const warnings = checkpoint!.notes.filter((note) => note.startsWith("warning")).join();
      expect(warnings).toMatch(warned!);
      if (warnings !== "") {
        expect(await refusal(() => readCheckpoint(source, { strictPickle: true }))).toMatch(
          /refused by --strict-pickle/,
        );
      }
    },
  );

  it("an exploit beside weights leaves the weights readable", async () => {
    const ones = new Uint8Array(new Float32Array(2).fill(1).buffer);
    const evil = reduce(global("os", "system"), text("id"));
    const file = torchZip(pickle(dict(text("w"), tensor(storage("0", 2), 0, [2], [1]), text("x"), evil)), {
      0: ones,
    });
    const checkpoint = await readCheckpoint(file);
    expect([...checkpoint.tensors.keys()]).toEqual(["w"]);
    expect([...(await checkpoint.tensors.get("w")!.floats())]).toEqual([1, 1]);
    expect(checkpoint.records).toEqual(["os.system"]);
  });

  it("honest zip64 entries and an archive with a comment are read", async () => {
    const data = pickle(dict(text("w"), tensor(storage("0", 2), 0, [2], [1])));
    const ones = new Uint8Array(new Float32Array(2).fill(1).buffer);
    const file = zipFile(
      [
        { name: "a/data.pkl", data, zip64: true },
        { name: "a/data/0", data: ones, zip64: true },
      ],
      "a comment",
    );
    expect([...(await (await readCheckpoint(file)).tensors.get("w")!.floats())]).toEqual([1, 1]);
  });
});

describe("damaged real files", () => {
  const FILES = [
    "views-zip.pt",
    "views-legacy.pt",
    "pickled-tensors-2.pkl",
    "pickled-arrays-4.pkl",
    "deflated.pt",
    "torchscript-scripted.pt",
    "chexnet.safetensors",
  ];
  const bytesOf = (name: string) =>
    new Uint8Array(readFileSync(new URL(`../data/checkpoints/${name}`, import.meta.url)));

  it.each(FILES)("%s, cut off anywhere, is refused", async (name) => {
    const whole = bytesOf(name);
    for (let percent = 0; percent < 100; percent++) {
      const part = whole.subarray(0, Math.floor((whole.length * percent) / 100));
      const message = await refusal(async () => readAll(await readCheckpoint(fromBytes(name, part))));
      expect(message, `${percent} %`).toBeDefined();
    }
  });

  it.each(FILES)("%s with any byte of its pickle changed loads or is refused", async (name) => {
    const whole = bytesOf(name);
    const step = Math.max(1, Math.floor(whole.length / 400));
    for (let at = 0; at < whole.length; at += step) {
      const changed = whole.slice();
      changed[at]! ^= 1 << (at % 8);
      await refusal(async () => readAll(await readCheckpoint(fromBytes(name, changed))));
    }
  });
});
