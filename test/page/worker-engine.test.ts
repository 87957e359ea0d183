/** @file The worker's engine on devices that are lost, and with pictures that come and go. */

import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import type { Gpu } from "../../src/runtime/gpu.js";
import type { WebDeviceOptions } from "../../src/web/open-device.js";
import { GradlensError } from "../../src/errors.js";

const loads = vi.hoisted(() => ({ fail: new Set<unknown>(), made: [] as unknown[] }));

/** A model on a device that may be lost: then each call fails. */
vi.mock("../../src/library/load-model.js", () => ({
  loadModel: (_: unknown, { gpu }: { readonly gpu: Gpu }) => {
    loads.made.push(gpu);
    return Promise.resolve({
      forwardRuns: 1,
      layers: () => [],
      dispose: () => undefined,
      explain: async () => {
        await Promise.resolve();
        if (loads.fail.has(gpu)) throw new GradlensError("device-lost", "lost");
        return { maps: [] };
      },
    });
  },
}));
vi.mock("../../src/checkpoint/read-checkpoint.js", () => ({
  readCheckpoint: () => Promise.resolve({ notes: [] }),
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
  const engine = new WorkerEngine(restored, {}, (options) => {
    asked.push(options);
    return Promise.resolve({ adapter: {}, dispose: () => undefined } as unknown as Gpu);
  });
  await engine.open({ powerPreference: "low-power", limits: "default" }, context);
  await engine.loadModel([new File([""], "w.pth")], {});
  const picture = new Blob([Uint8Array.from(readFileSync("test/data/pictures/rgb.png"))]);
  return { engine, asked, restored, picture: await engine.readPicture(picture, {}) };
}

it("opens another device as the first was opened, once for all calls that lost it", async () => {
  const { engine, asked, restored, picture } = await opened();
  loads.fail.add(loads.made.at(-1));
  await Promise.all([1, 2, 3].map(() => engine.explain(picture.id, {}, context)));
  expect(asked).toHaveLength(2);
  expect(asked[1]).toMatchObject({ powerPreference: "low-power", limits: "default" });
  expect(restored).toHaveBeenCalledTimes(1);
});

it("opens the next device where that one is lost as well", async () => {
  const { engine, asked, picture } = await opened();
  for (let i = 0; i < 2; i++) {
    loads.fail.add(loads.made.at(-1));
    await engine.explain(picture.id, {}, context);
  }
  expect(asked).toHaveLength(3);
});
