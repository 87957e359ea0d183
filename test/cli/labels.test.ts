/** @file Class names. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseLabels } from "../../src/options/label-file.js";
import { decodeAnyText } from "../../src/text/decode.js";
import { readLabels } from "../../src/cli/options/labels.js";
import { fileLabels } from "../../src/results/file-names.js";
import { temporaryFolder } from "./fake.js";

describe("built-in lists", () => {
  it("the built-in list chestxray14 has CheXNet's order", async () => {
    // The order of CLASS_NAMES in arnoweng/CheXNet's model.py.
    const order =
      "Atelectasis Cardiomegaly Effusion Infiltration Mass Nodule Pneumonia Pneumothorax Consolidation Edema Emphysema Fibrosis Pleural_Thickening Hernia";
    expect((await readLabels("ChestXray14", ".")).labels).toEqual(order.split(" "));
  });

  it("the built-in list imagenet1k has a thousand names in the order of the synsets", async () => {
    const { labels } = await readLabels("imagenet1k", ".");
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
  ])("class names are read from a file of %s", (_, text) =>
    expect(parseLabels(text, "file")).toEqual(["cat", "dog"]),
  );

  it("a JSON file may have empty names for untrained classes, but not only those", () => {
    expect(parseLabels('["Mass", "", "Edema"]', "file")).toEqual(["Mass", "", "Edema"]);
    expect(() => parseLabels('["", ""]', "file")).toThrow(/no name for class 0/);
    expect(() => parseLabels("Mass\n\nEdema", "file")).toThrow(/no name for class 1/);
  });

  it("a path of a label file is relative to the working folder", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "names.txt"), "a, b\nc");
    expect(await readLabels("names.txt", folder)).toEqual({ labels: ["a, b", "c"], encoding: undefined });
  });
});

describe("a file of another program's", () => {
  it.each([
    ["ImageFolder's class_to_idx", '{"dog": 1, "cat": 0}'],
    ["indexes as texts", '{"dog": "1", "cat": "0"}'],
    ["imagenet_class_index.json", '{"0": ["n02121620", "cat"], "1": ["n02084071", "dog"]}'],
    ["class_to_idx below its name", '{"epoch": 3, "class_to_idx": {"cat": 0, "dog": 1}}'],
    ["label2id beside id2label", '{"label2id": {"x": 0, "y": 1}, "id2label": {"0": "cat", "1": "dog"}}'],
    ["names, as in YOLO's data", '{"names": ["cat", "dog"]}'],
    ["lines of an old Macintosh", "cat\rdog\r"],
  ])("a label file of another program is read: %s", (_, text) =>
    expect(parseLabels(text, "file")).toEqual(["cat", "dog"]),
  );

  it.each<[string, string, readonly string[]]>([
    ["folders of digits, in ImageFolder's order", '{"0": 0, "1": 1, "10": 2, "2": 3}', ["0", "1", "10", "2"]],
    ["digits as texts on both sides", '{"0": "0", "1": "1", "10": "2", "2": "3"}', ["0", "1", "10", "2"]],
    ["names of digits by index", '{"0": "7", "1": "9"}', ["7", "9"]],
    ["numbers that are both, as indexes", '{"0": 2, "1": 0, "2": 1}', ["1", "2", "0"]],
    ["an array of numbers", "[3, 5, 8]", ["3", "5", "8"]],
    ["a class called labels", '{"labels": 0, "names": 1}', ["labels", "names"]],
  ])("a label file of another program is read: %s", (_, text, labels) =>
    expect(parseLabels(text, "file")).toEqual(labels),
  );

  it.each<[string, RegExp]>([
    ['{"cat": 0, "dog": 0}', /"cat" and "dog" both have the index 0; give each class an index of its own$/],
    ['{"cat": 0, "dog": 2}', /no class has the index 1, but the file has 2/],
    ['{"0": "cat", "2": "dog"}', /no class has the index 1, but the file has 2/],
    ['{"1": "cat", "2": "dog"}', /its indexes begin at 1; classes are counted from 0/],
    ['{"cat": 1, "dog": 2}', /its indexes begin at 1/],
    ['{"0": "cat", "0": "dog"}', /"0" occurs twice/],
    ['{"cat": 0, "cat": 1}', /"cat" occurs twice/],
    ['{"0": "1", "1": "2", "2": "0"}', /either may be the names; give an array of names$/],
    ['{"0": {"name": "cat"}}', /JSON must hold an array of names/],
    ['{"cat": 0.5}', /JSON must hold an array of names/],
    ['["cat", null]', /JSON must hold an array of names/],
  ])("a file of labels is refused: %s", (text, line) => {
    expect(() => parseLabels(text, "l.json")).toThrow(line);
    expect(() => parseLabels(text, "l.json")).toThrow(/^labels l\.json/);
  });
});

it("a name of millions of letters is read without its quotes", () => {
  const name = `a${'\\"'.repeat(3_000_000)}`;
  expect(() => parseLabels(JSON.stringify({ [name]: 0, b: 0 }), "l.json")).toThrow(/both have the index 0/);
});

it("more names than a call may have arguments are counted all the same", () => {
  const object = Object.fromEntries(Array.from({ length: 150_000 }, (_, i) => [i + 2, `label ${i}`]));
  expect(() => parseLabels(JSON.stringify(object), "l.json")).toThrow(/no class has the index 0, but/);
});

describe("a text file's bytes", () => {
  const utf16 = (text: string, swap: boolean): Buffer => {
    const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
    return swap ? bytes.swap16() : bytes;
  };

  it.each([
    ["UTF-8", Buffer.from("Hündin\nKäfer\n"), undefined],
    [
      "UTF-8 with a byte order mark",
      Buffer.from("\uFEFFHündin\r\nKäfer\r\n"),
      "UTF-8 with a byte order mark",
    ],
    [
      "UTF-16, little endian, as PowerShell writes it",
      utf16("Hündin\r\nKäfer\r\n", false),
      "UTF-16 (little-endian)",
    ],
    ["UTF-16, big endian", utf16("Hündin\nKäfer", true), "UTF-16 (big-endian)"],
    ["UTF-16 of JSON", utf16('["Hündin", "Käfer"]', false), "UTF-16 (little-endian)"],
    ["UTF-16 without a mark", Buffer.from("Hündin\nKäfer", "utf16le"), "UTF-16 (little-endian)"],
    [
      "UTF-16, big endian, without a mark",
      Buffer.from("Hündin\nKäfer", "utf16le").swap16(),
      "UTF-16 (big-endian)",
    ],
  ])("a text file is decoded: %s", (_, bytes, encoding) => {
    const decoded = decodeAnyText(bytes, "labels l");
    expect(parseLabels(decoded.text, "l")).toEqual(["Hündin", "Käfer"]);
    expect(decoded.encoding).toBe(encoding);
  });

  // Bytes by Python's codecs.
  it.each([
    ["GBK", "c6f8d0d80ab7ced1d70ad0d8c7bbbbfdd2ba0a", ["气胸", "肺炎", "胸腔积液"]],
    [
      "GB18030 with a character of four bytes",
      "c6f8d0d80ab7ced1d70ad0d8c7bbbbfdd2ba0a8139ef31",
      ["气胸", "肺炎", "胸腔积液", "\u3402"],
    ],
  ])("a text file in %s is decoded, and the encoding is named", (_, hex, labels) => {
    const { text, encoding } = decodeAnyText(Buffer.from(hex, "hex"), "labels l");
    expect(parseLabels(text, "l")).toEqual(labels);
    expect(encoding).toBe("GB18030 (GBK)");
  });

  it.each([
    ["Latin-1", Buffer.from("Hündin\n", "latin1")],
    ["zeros", Buffer.from("cat\0\0dog")],
    ["Shift_JIS", Buffer.from("8b438bb90a94788d8a0a834a8365815b8365838b", "hex")],
    ["Big5", Buffer.from("aef0afdd0aaacdaaa20aa6d8bda4bf6ea4f40aa4dfc5a6aacaa46a", "hex")],
    ["Windows-1251", Buffer.from("cfede5e2eceeede8ff0acef2b8ea0acce0f1f1e00ad3e7e5eb", "hex")],
    ["Windows-1251 in words of even length", Buffer.from("cef2b8ea0ad3e7e5eb0ad2e5edfc", "hex")],
  ])("a text file is refused: %s", (_, bytes) =>
    expect(() => decodeAnyText(bytes, "labels l.txt")).toThrow(
      /^labels l\.txt: this is not text in UTF-8, UTF-16 or GB18030.*save it as UTF-8$/,
    ),
  );
});
