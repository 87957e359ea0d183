/** @file The demo's family: its files are fitted without the code of all others, to the same model and with the same errors. */

import { beforeAll, expect, it } from "vitest";
import type { Checkpoint } from "../../src/checkpoint/types.js";
import { fitDemo } from "../../src/library/fit/fit-demo.js";
import { fitModel } from "../../src/library/fit/fit-model.js";
import { loadModel } from "../../src/library/model/load-model.js";
import { openCheckpoint } from "../../src/node/open-checkpoint.js";
import type { Gpu } from "../../src/runtime/gpu.js";

let demo: Checkpoint;
beforeAll(async () => {
  demo = (await openCheckpoint("weights/efficientnet_lite0-imagenet.safetensors")).checkpoint;
});

const messageOf = (error: unknown): string => (error as Error).message;

it("the demo's family alone fits the demo to the same model", () => {
  const [few, all] = [fitDemo(demo)!, fitModel(demo)];
  expect(few.description).toEqual(all.description);
  expect([...few.tensors.keys()]).toEqual([...all.tensors.keys()]);
});

it("the demo's family leaves files to all architectures that describe more of their network, or name another one", () => {
  expect(fitDemo({ ...demo, facts: new Map([["args.model", "efficientnet_lite1"]]) })).toBeUndefined();
  expect(fitDemo({ ...demo, modules: new Map() })).toBeUndefined();
  expect(fitDemo(demo, { arch: "resnet18" })).toBeUndefined();
  expect(fitDemo({ ...demo, metadata: new Map() })).toBeUndefined();
});

it("the demo's family refuses files with the words of all architectures", async () => {
  const cut = new Map([...demo.tensors].filter(([key]) => !key.startsWith("_blocks.3.")));
  const yolo = new Map([["model.22.dfl.conv.weight", [...demo.tensors.values()][0]!]]);
  for (const tensors of [cut, yolo]) {
    const file = { ...demo, tensors };
    const said = await loadModel(file, { gpu: {} as Gpu }).catch(messageOf);
    let expected: string | undefined;
    try {
      fitModel(file);
    } catch (error) {
      expected = messageOf(error);
    }
    expect(expected).toBeDefined();
    expect(said).toBe(expected);
  }
});
