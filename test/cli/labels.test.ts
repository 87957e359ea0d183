/** @file Class names. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseLabels, readLabels } from "../../src/cli/arguments/labels.js";
import { fileLabels } from "../../src/cli/results/names.js";
import { temporaryFolder } from "./fake.js";

describe("built-in lists", () => {
  it("chestxray14 is in CheXNet's order", async () => {
    // The order of CLASS_NAMES in arnoweng/CheXNet's model.py.
    const order =
      "Atelectasis Cardiomegaly Effusion Infiltration Mass Nodule Pneumonia Pneumothorax Consolidation Edema Emphysema Fibrosis Pleural_Thickening Hernia";
    expect(await readLabels("ChestXray14", ".")).toEqual(order.split(" "));
  });

  it("imagenet1k has a thousand names in the order of the synsets", async () => {
    const labels = await readLabels("imagenet1k", ".");
    expect(labels).toHaveLength(1000);
    // Known from everywhere: 0 tench, 207 golden retriever, 281 tabby, 388 giant panda, 504 coffee mug, 954 banana.
    expect([0, 207, 281, 388, 504, 954, 999].map((i) => labels[i])).toEqual([
      "tench",
      "golden retriever",
      "tabby",
      "giant panda",
      "coffee mug",
      "banana",
      "toilet tissue",
    ]);
    expect(new Set(fileLabels(1000, labels)).size).toBe(1000);
  });
});

describe("a file", () => {
  it.each([
    ["lines", "cat\ndog\n"],
    ["lines of Windows with a byte order mark", "\uFEFFcat\r\ndog\r\n"],
    ["a JSON array", '["cat", "dog"]'],
    ["a JSON object by index", '{"1": "dog", "0": "cat"}'],
    ["labels in an object", '{"labels": ["cat", "dog"]}'],
    ["a Hugging Face config", '{"architectures": ["X"], "id2label": {"0": "cat", "1": "dog"}}'],
  ])("of %s", (_, text) => expect(parseLabels(text, "file")).toEqual(["cat", "dog"]));

  it("may be empty in JSON, for classes that were not trained, but not all of them", () => {
    expect(parseLabels('["Mass", "", "Edema"]', "file")).toEqual(["Mass", "", "Edema"]);
    expect(() => parseLabels('["", ""]', "file")).toThrow(/no name for class 0/);
    expect(() => parseLabels("Mass\n\nEdema", "file")).toThrow(/no name for class 1/);
  });

  it("is found from where the user is", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "names.txt"), "a, b\nc");
    expect(await readLabels("names.txt", folder)).toEqual(["a, b", "c"]);
  });
});
