/** @file Changed lists of labels, settings files, metadata of weights, boxes, headings and vectors. */

import { parseHeadings } from "../../src/cli/grid/heading-file.js";
import { parseTruth } from "../../src/cli/inputs/truth-file.js";
import { parseLabels } from "../../src/options/label-file.js";
import { decodeAnyText } from "../../src/text/decode.js";
import { resolveCam } from "../../src/cli/options/cam-settings.js";
import { mergeValues } from "../../src/options/merge-values.js";
import { parseSettings } from "../../src/options/settings-text.js";
import { oneLine } from "../../src/cli/text/safe-text.js";
import { GradlensError, type ErrorCode } from "../../src/errors.js";
import { readMetadata } from "../../src/library/file/metadata.js";
import { encodeNpy } from "../../src/picture-file/npy.js";
import { decodeNpy } from "../../src/picture-file/read-npy.js";
import { bytesMutator } from "./mutate-bytes.js";
import { mutateJsonText } from "./mutate-json.js";
import { oneOf, type Random } from "./random.js";
import { check, checkRefusal, type FuzzFile, type Outcome, type Reader } from "./reader.js";

interface Kind {
  readonly texts: readonly (string | Uint8Array)[];
  /** Throws `codes`. */
  readonly read: (bytes: Uint8Array) => void;
  readonly codes: readonly ErrorCode[];
}

const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

const KINDS = {
  labels: {
    texts: [
      "cat\ndog\nPleural Thickening\n",
      "\uFEFFcat\r\ndog\r\n",
      Buffer.from("\uFEFFcat\ndog", "utf16le"),
      '["cat", "dog", "", 7]',
      '{"0": "cat", "1": "dog", "2": "bird"}',
      '{"cat": 0, "dog": 1}',
      '{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}',
      '{"labels": ["cat", "dog"], "version": 1}',
      '{"architectures": ["X"], "id2label": {"0": "cat", "1": "dog"}, "label2id": {"cat": 0, "dog": 1}}',
    ],
    read(bytes) {
      const labels = parseLabels(decodeAnyText(bytes, "labels labels.txt").text, "labels.txt");
      check(labels.length > 0 && labels.every((label) => typeof label === "string"), "no list of names");
    },
    codes: ["bad-file"],
  },
  settings: {
    texts: [
      '{"size": 224, "labels": ["cat", "dog"], "norm": "imagenet"}',
      '{"size": [224, 160], "mean": [0.5, 0.5, 0.5], "std": [0.25], "resize": "pillow-bicubic", "crop_pct": 0.875}',
      '{"arch": "densenet121", "spelling": "torchvision", "bgr": true, "activation": "sigmoid", "state_dict": "model"}',
      '{"layer": ["features.norm5", "features.denseblock4"], "method": ["gradcam", "layercam"], "target": "top3"}',
      '{"threshold": "0.5", "min-area": 0.01, "boxes": "csv", "alpha": 0.4, "colormap": "viridis", "heat": 16}',
      '{"crop_pct": "off", "labels": "labels.txt", "memory": "2GiB", "batch-size": 4, "name": "{label}-{method}.png"}',
    ],
    read(bytes) {
      const file = "w.gradlens.json";
      resolveCam(mergeValues(parseSettings(decode(bytes), file), {}, file), {});
    },
    codes: ["bad-argument"],
  },
  metadata: {
    texts: [
      '{"size": "224", "mean": "[0.5, 0.5, 0.5]", "std": "[0.25, 0.25, 0.25]", "bgr": "true", "multi_label": "1"}',
      '{"size": "[224, 160]", "resize": "opencv-bilinear", "crop_pct": "0.875", "labels": "[\\"cat\\", \\"dog\\"]"}',
      '{"crop_pct": "off", "mean": "[0]", "std": "[1]", "arch": "densenet121", "spelling": "torchvision"}',
    ],
    read(bytes) {
      const text = decode(bytes);
      let entries: [string, unknown][];
      try {
        entries = Object.entries(JSON.parse(text) as object);
      } catch {
        // Not JSON: then a value is what the text is.
        entries = ["size", "mean", "std", "crop_pct", "labels"].map((key) => [key, text]);
      }
      const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === "string";
      const { size, mean, std } = readMetadata(new Map(entries.filter(isText)), "w.safetensors");
      check(
        [size, mean, std].flat().every((one) => one === undefined || Number.isFinite(one)),
        "no numbers",
      );
    },
    codes: ["bad-file"],
  },
  truth: {
    texts: [
      "Image Index,Finding Label,Bbox [x,y,w,h],,,\na_0.png,Mass,225.08,547.02,86.78,79.19,,,\n",
      'image,label,x,y,width,height\r\na/x.png,"Pleural, left",1,2.5,10,20\r\n',
      '{"images": [{"id": 7, "file_name": "x.png", "width": 300, "height": 200}], "categories": [{"id": 1, "name": "dog"}], "annotations": [{"image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "iscrowd": 0}]}',
    ],
    read(bytes) {
      for (const { box } of parseTruth(decode(bytes), "boxes"))
        check(box.length === 4 && box.every(Number.isFinite) && box[2] > 0 && box[3] > 0, "no box");
    },
    codes: ["bad-file"],
  },
  headings: {
    texts: ["# words\ngradcam = Grad-CAM\ndog=Hund\n", '{"gradcam": "Grad-CAM", "dog": "Hund"}'],
    read(bytes) {
      for (const pair of parseHeadings(decode(bytes), "words.txt"))
        check(pair.length === 2 && pair.every((word) => typeof word === "string"), "no words");
    },
    codes: ["bad-file"],
  },
  npy: {
    texts: [encodeNpy(Float32Array.of(1, -2, 3), [3]), encodeNpy(new Float32Array(6).fill(0.5), [2, 3])],
    read(bytes) {
      const { shape, data } = decodeNpy(bytes, "x.npy");
      check(shape.reduce((size, side) => size * side, 1) === data.length, "another number of values");
    },
    codes: ["bad-file"],
  },
} as const satisfies Record<string, Kind>;

const mutateBytes = bytesMutator([...'0129"[]{}:,\\-.eE \n\r\0\x1b='].map((c) => c.charCodeAt(0)));

const SEEDS: readonly FuzzFile[] = Object.entries(KINDS).flatMap(([name, { texts }]) =>
  texts.map((text) => ({ name, bytes: new Uint8Array(Buffer.from(text as string)) })),
);

function changedText(random: Random): FuzzFile {
  const { name, bytes } = oneOf(SEEDS, random);
  const text = random(3) > 0 ? mutateJsonText(decode(bytes), random) : undefined;
  const other = oneOf(SEEDS, random).bytes;
  return { name, bytes: text === undefined ? mutateBytes(bytes, random, other) : Buffer.from(text) };
}

function read({ name, bytes }: FuzzFile): Outcome {
  const { read, codes }: Kind = KINDS[name as keyof typeof KINDS];
  try {
    read(bytes);
    return "read";
  } catch (error) {
    // What the command alone reads it makes one line where it ends.
    const isShown = name !== "metadata" && error instanceof GradlensError;
    checkRefusal(isShown ? new GradlensError(error.code, oneLine(error.message)) : error, codes);
    return "refused";
  }
}

export const TEXTS: Reader = { prepare: () => changedText, read, maxMs: 10_000 };
