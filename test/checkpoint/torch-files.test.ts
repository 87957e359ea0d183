/** @file Files that PyTorch wrote, against what PyTorch reads from them: values bit for bit (tools/make_checkpoint_files.py). */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { matchKeys } from "../../src/checkpoint/match-keys.js";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { requireComplete } from "../../src/checkpoint/require-complete.js";
import { fromBytes, type ByteSource } from "../../src/checkpoint/source.js";
import { DENSENETS } from "../../src/models/densenet.js";
import { openCheckpoint } from "../../src/node/open-checkpoint.js";

interface Expected {
  /** By key: dtype, shape, SHA-256 of the contiguous little-endian bytes. */
  readonly tensors: Readonly<Record<string, readonly [string, readonly number[], string]>>;
  /** By key: a word that the reason must have. */
  readonly refused?: Readonly<Record<string, string>>;
}

const FOLDER = new URL("../data/checkpoints/", import.meta.url);
const FILES = (
  JSON.parse(readFileSync(new URL("expected.json", FOLDER), "utf8")) as { files: Record<string, Expected> }
).files;

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, FOLDER)));

describe("every tensor bit for bit", () => {
  it.each(Object.keys(FILES))("every tensor of %s is PyTorch's bit for bit", async (name) => {
    const { tensors, refused = {} } = FILES[name]!;
    const opened = await openCheckpoint(new URL(name, FOLDER).pathname);
    const { checkpoint } = opened;
    expect([...checkpoint.tensors.keys()].sort()).toEqual(
      [...Object.keys(tensors), ...Object.keys(refused)].sort(),
    );
    for (const [key, [dtype, shape, hash]] of Object.entries(tensors)) {
      const tensor = checkpoint.tensors.get(key)!;
      expect([tensor.dtype, tensor.shape], key).toEqual([dtype, shape]);
      const bytes = await tensor.bytes();
      expect(bytes.byteLength, key).toBe(tensor.byteLength);
      expect(sha256(bytes), key).toBe(hash);
    }
    for (const [key, word] of Object.entries(refused)) {
      await expect(checkpoint.tensors.get(key)!.floats(), key).rejects.toMatchObject({
        code: "bad-file",
        message: expect.stringMatching(new RegExp(`"${key}".*${word}`)) as string,
      });
    }
    await opened.close();
  });
});

describe("facts beside the tensors", () => {
  const read = (name: string, options = {}) => readCheckpoint(fromBytes(name, bytesOf(name)), options);

  it.each([
    ["densenet-zip.pth", "PyTorch (zip, 1.6 or later)", ""],
    ["densenet-legacy.pth", "PyTorch (legacy, before 1.6)", ""],
    ["chexnet-zip.pkl", "PyTorch (zip, 1.6 or later)", "state_dict"],
    ["torchscript-traced.pt", "TorchScript", ""],
    ["pickled-arrays-4.pkl", "pickle", "model"],
    ["nested.pt", "PyTorch (zip, 1.6 or later)", "checkpoint.model.state_dict"],
    ["tuple.pt", "PyTorch (zip, 1.6 or later)", "0"],
  ])("%s is %s, its weights at %j", async (name, format, stateDict) => {
    expect(await read(name)).toMatchObject({ format, stateDict });
  });

  it("the reader prefers raw weights to averaged ones, names the others, and uses the requested one", async () => {
    const raw = await read("timm-ema.pth.tar");
    expect(raw.stateDict).toBe("state_dict");
    expect(raw.notes.join()).toMatch(/also holds "state_dict_ema".*--state-dict/);
    const averaged = await read("timm-ema.pth.tar", { stateDict: "state_dict_ema" });
    const [one, two] = await Promise.all([raw, averaged].map((file) => file.tensors.get("scale")!.floats()));
    expect([...two!]).toEqual([...one!].map((x) => Math.fround(x + 1)));
    await expect(read("timm-ema.pth.tar", { stateDict: "emma" })).rejects.toThrow(
      /no state dict "emma": there are .*"state_dict_ema"/,
    );
    await expect(read("timm-ema.pth.tar", { stateDict: "epoch" })).rejects.toThrow(/no weights at "epoch"/);
  });

  it("the refusal says why a frozen TorchScript file has no weights", async () => {
    const { tensors, notes } = await read("torchscript-frozen.pt");
    expect(tensors.size).toBe(0);
    expect(notes.join()).toMatch(/no named parameters: torch.jit.freeze/);
  });

  it.each(["chexnet-zip.pkl", "chexnet-legacy.pkl"])(
    "%s, a DataParallel of the wrapper with dotted keys in a training state, is the same model as its safetensors",
    async (name) => {
      const rules = DENSENETS.densenet121.keyRules;
      const keys = await read("densenet-zip.pth");
      const expected = new Map<string, readonly number[]>(
        [...keys.tensors.values()]
          .filter((t) => !t.name.endsWith("num_batches_tracked"))
          .map((t) => [t.name, t.name.startsWith("classifier") ? [14, ...t.shape.slice(1)] : t.shape]),
      );
      const [pickled, plain] = await Promise.all([name, "chexnet.safetensors"].map((file) => read(file)));
      const [a, b] = [pickled!, plain!].map((file) =>
        matchKeys(expected, file, rules, { head: "classifier" }),
      );
      requireComplete(a!.report, { file: name, arch: "densenet121", head: "classifier" });
      expect(a!.report.unused.every(({ unreported }) => unreported)).toBe(true);
      expect(a!.report.foreign).toEqual([]);
      for (const key of expected.keys()) {
        expect(sha256(await a!.tensors.get(key)!.bytes()), key).toBe(
          sha256(await b!.tensors.get(key)!.bytes()),
        );
      }
    },
  );

  it("the reader lists classes that became records", async () => {
    expect((await read("inside-model.ckpt")).records).toContain("argparse.Namespace");
    expect((await read("whole-small-zip.pt")).records).toContain("torch.nn.modules.conv.Conv2d");
    expect((await read("densenet-zip.pth")).records).toEqual([]);
    expect((await read("densenet-legacy.pth")).records).toEqual([]);
  });

  it("the reader finds nothing suspicious in real files", async () => {
    for (const name of Object.keys(FILES).filter((n) => !n.endsWith("index.json"))) {
      expect(
        (await read(name, { strictPickle: true })).notes.filter((note) => note.startsWith("warning")),
        name,
      ).toEqual([]);
    }
  });

  it.each(["resnet-zip.pth", "resnet-legacy.pth"])(
    "the reader reads of %s only the headers, then one tensor's bytes",
    async (name) => {
      const bytes = bytesOf(name);
      const reads: number[] = [];
      const source: ByteSource = {
        name,
        size: bytes.length,
        read(offset, length) {
          reads.push(length);
          return Promise.resolve(bytes.subarray(offset, offset + length));
        },
      };
      const { tensors } = await readCheckpoint(source);
      reads.length = 0;
      const tensor = tensors.get("layer4.0.conv1.weight")!;
      await tensor.bytes();
      expect(reads).toHaveLength(1);
      expect(reads[0]).toBeGreaterThanOrEqual(tensor.byteLength);
      expect(reads[0]).toBeLessThan(tensor.byteLength + 1024);
    },
  );

  it("the reader refuses an index whose files are elsewhere, missing, or cannot be opened", async () => {
    const index = (map: unknown) => new TextEncoder().encode(JSON.stringify({ weight_map: map }));
    await expect(readCheckpoint(index({ a: "x.safetensors" }))).rejects.toThrow(
      /index of a checkpoint in several files/,
    );
    const openSibling = () => Promise.resolve(fromBytes("x", bytesOf("model-00001-of-00002.safetensors")));
    for (const path of ["../x", "a/b", "..", 3, null]) {
      await expect(readCheckpoint(index({ a: path }), { openSibling })).rejects.toThrow(
        /which is not a file beside it/,
      );
    }
    await expect(readCheckpoint(index({ absent: "x" }), { openSibling })).rejects.toThrow(
      /holds tensor "absent", but it does not/,
    );
    await expect(readCheckpoint(new TextEncoder().encode('{"a": 1}'))).rejects.toThrow(
      /not the index of a checkpoint/,
    );
  });
});
