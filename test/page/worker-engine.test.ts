/** @file The worker's engine on devices that are lost, and with pictures that come and go. */

import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import type { Gpu } from "../../src/runtime/gpu.js";
import type { WebDeviceOptions } from "../../src/web/open-device.js";
import { GradlensError } from "../../src/errors.js";
import { setLanguage } from "../../src/language/languages.js";
import { say } from "../../src/language/say.js";

/** `gate`: weights by name, and "device", that are there when the test says so. */
const loads = vi.hoisted(() => ({
  fail: new Set<unknown>(),
  made: [] as unknown[],
  names: [] as string[],
  gate: new Map<string, Promise<void>>(),
}));

/** A model on a device that may be lost: then each call fails. */
vi.mock("../../src/library/model/load-model.js", () => ({
  loadModel: ({ name }: { readonly name: string }, { gpu }: { readonly gpu: Gpu }) => {
    if (name === "lost.pth" && loads.fail.has(gpu)) throw new GradlensError("device-lost", "lost");
    loads.made.push(gpu);
    loads.names.push(name);
    let isDisposed = false;
    const description = {
      arch: name,
      assumed: [{ what: "size", value: 1, because: say`no model is loaded yet` }],
    };
    return Promise.resolve({
      ...description,
      description,
      forwardRuns: 1,
      layers: () => [],
      dispose: () => (isDisposed = true),
      explain: async () => {
        await Promise.resolve();
        if (isDisposed) throw new GradlensError("bad-argument", "disposed of");
        if (loads.fail.has(gpu)) throw new GradlensError("device-lost", "lost");
        return { maps: [] };
      },
    });
  },
}));
vi.mock("../../src/checkpoint/read-checkpoint.js", () => ({
  readCheckpoint: async ({ name }: { readonly name: string }) => {
    await loads.gate.get(name);
    return { name, notes: [] };
  },
}));

const { WorkerEngine } = await import("../../src/web/engine/worker-engine.js");

const context = { signal: new AbortController().signal, progress: () => undefined };
const bitmap = { width: 1, height: 1, close: () => undefined } as unknown as ImageBitmap;
vi.stubGlobal("createImageBitmap", () => Promise.resolve(bitmap));
vi.stubGlobal(
  "ImageData",
  class {
    readonly data: Uint8ClampedArray;
    constructor(width: number, height: number) {
      this.data = new Uint8ClampedArray(4 * width * height);
    }
  },
);

async function opened() {
  const asked: WebDeviceOptions[] = [];
  const restored = vi.fn();
  const engine = new WorkerEngine(restored, {}, async (options) => {
    asked.push(options);
    await loads.gate.get("device");
    return { adapter: {}, dispose: () => undefined } as unknown as Gpu;
  });
  await engine.open({ powerPreference: "low-power", limits: "default" }, context);
  await engine.loadModel([new File([""], "w.pth")], {});
  const picture = new Blob([Uint8Array.from(readFileSync("test/data/pictures/rgb.png"))]);
  return { engine, asked, restored, picture: await engine.readPicture(picture, {}) };
}

it("the worker opens another device as the first was opened, once for all calls that lost it", async () => {
  const { engine, asked, restored, picture } = await opened();
  loads.fail.add(loads.made.at(-1));
  await Promise.all([1, 2, 3].map(() => engine.explain(picture.id, {}, context)));
  expect(asked).toHaveLength(2);
  expect(asked[1]).toMatchObject({ powerPreference: "low-power", limits: "default" });
  expect(restored).toHaveBeenCalledTimes(1);
});

it("the worker opens the next device where that one is lost as well", async () => {
  const { engine, asked, picture } = await opened();
  for (let i = 0; i < 2; i++) {
    loads.fail.add(loads.made.at(-1));
    await engine.explain(picture.id, {}, context);
  }
  expect(asked).toHaveLength(3);
});

/** Lets weights, or the device, wait until what this gives is called. */
function gated(name: string): () => void {
  let open = (): void => undefined;
  loads.gate.set(name, new Promise((resolve) => (open = resolve)));
  return () => {
    loads.gate.delete(name);
    open();
  };
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

it("the worker keeps a model that is loaded while the earlier one is restored", async () => {
  const { engine, restored, picture } = await opened();
  loads.fail.add(loads.made.at(-1));
  const open = gated("w.pth");
  const explained = engine.explain(picture.id, {}, context);
  await settled();
  await engine.loadModel([new File([""], "other.pth")], {});
  open();
  await explained;
  await engine.explain(picture.id, {}, context);
  expect(engine.described.arch).toBe("other.pth");
  expect(restored).toHaveBeenCalledTimes(1);
});

it("the worker loads a model after a loss without the earlier one, which stays where that fails", async () => {
  const { engine, asked, picture } = await opened();
  const first = loads.made.at(-1);
  loads.fail.add(first);
  loads.names.length = 0;
  await engine.loadModel([new File([""], "lost.pth")], {});
  expect(asked).toHaveLength(2);
  expect(loads.names).toEqual(["lost.pth"]);
  await engine.explain(picture.id, {}, context);
  loads.fail.add(loads.made.at(-1));
  loads.gate.set("bad.pth", Promise.reject(new GradlensError("bad-file", "bad")));
  const bad = [new File([""], "bad.pth")];
  await Promise.all([
    engine.explain(picture.id, {}, context),
    expect(engine.loadModel(bad, {})).rejects.toThrow("bad"),
  ]);
  expect(engine.described.arch).toBe("lost.pth");
});

it("the worker delays a model while a lost device is opened again", async () => {
  const { engine, picture } = await opened();
  loads.fail.add(loads.made.at(-1));
  loads.names.length = 0;
  const open = gated("device");
  const explained = engine.explain(picture.id, {}, context);
  await settled();
  const loaded = engine.loadModel([new File([""], "next.pth")], {});
  await settled();
  expect(loads.names).toEqual([]);
  open();
  await Promise.all([explained, loaded]);
  expect(loads.made.slice(-loads.names.length).some((gpu) => loads.fail.has(gpu))).toBe(false);
  expect(engine.described.arch).toBe("next.pth");
});

it("the worker describes the model anew in another language, for the page and for files to save", async () => {
  const { engine } = await opened();
  const because = (): string => engine.described.assumed[0]!.because;
  const english = because();
  const { loaded } = engine;
  await setLanguage("zh");
  try {
    expect(because()).toBe(english);
    const { assumed } = await engine.describe();
    expect(assumed[0]!.because).toMatch(/\p{sc=Han}/u);
    expect(because()).toBe(assumed[0]!.because);
    expect(engine.loaded).toBe(loaded);
  } finally {
    await setLanguage("en");
  }
});
