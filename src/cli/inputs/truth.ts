/** @file The boxes of `--truth` that belong to the pictures of a run. */

import { resolve } from "node:path";
import { GradlensError } from "../../errors.js";
import type { Size } from "../../image/picture.js";
import type { Box } from "../../image/rle.js";
import { suggestion } from "../../models/nearest.js";
import { readNotedText } from "./text-file.js";
import type { Input } from "./find-pictures.js";
import { parseTruth, type TruthBox } from "./truth-file.js";
import { say } from "../../language/say.js";

/** Most bytes of a file of boxes: COCO's largest has 450 MB, and a string cannot hold much more. */
const MOST_BYTES = 500_000_000;

/** A box may reach this far beyond its picture, in pixels: boxes drawn at another size were rounded. */
const ROUNDING = 1;

export class Truth {
  private constructor(
    private readonly file: string,
    private readonly all: number,
    private readonly boxes: ReadonlyMap<Input, readonly TruthBox[]>,
    private readonly note: string | undefined,
  ) {}

  /**
   * Reads a file of boxes and gives each to its picture.
   * @throws GradlensError "bad-file"; also for a name that several of the pictures have
   */
  static async read(file: string, cwd: string, inputs: readonly Input[]): Promise<Truth> {
    const source = { what: say`truth`, named: file, path: resolve(cwd, file) };
    const { text, note } = await readNotedText(source, MOST_BYTES, say`--truth names a file of boxes`);
    return Truth.of(parseTruth(text, file), file, inputs, note);
  }

  /** @param note what the user should know of the file */
  static of(all: readonly TruthBox[], file: string, inputs: readonly Input[], note?: string): Truth {
    const byName = new Map<string, Input[]>();
    for (const input of inputs) {
      const name = input.file === undefined ? "" : partsOf(input.file).at(-1)!;
      byName.set(name, [...(byName.get(name) ?? []), input]);
    }
    const boxes = new Map<Input, TruthBox[]>();
    for (const one of all) {
      const parts = partsOf(one.image);
      const found = (byName.get(parts.at(-1)!) ?? []).filter(({ file: path }) =>
        endsIn(partsOf(path!), parts),
      );
      if (found.length > 1) {
        const names = found.slice(0, 2).map(({ shown }) => shown);
        throw new GradlensError(
          "bad-file",
          say`truth ${file}: "${one.image}" may be ${names.join(say` or `)}: name its folder too`,
        );
      }
      const [input] = found;
      if (input !== undefined) boxes.set(input, [...(boxes.get(input) ?? []), one]);
    }
    return new Truth(file, all.length, boxes, note);
  }

  /** How many boxes the file has for these pictures, in words. */
  words(pictures: number): string {
    const count = [...this.boxes.values()].flat().length;
    if (count === 0)
      return say`${this.file}: none of its ${this.all} boxes is of ${pictures === 1 ? say`this picture` : say`these pictures`}`;
    return say`${this.file}: ${count} of ${this.all} boxes, of ${this.boxes.size} of ${pictures} pictures`;
  }

  /** A line each: the file's encoding, and the labels of the pictures' boxes that the model lacks. Names must be equal, letter for letter. */
  notes(labels: readonly string[] = []): string[] {
    const unknown = new Map<string, number>();
    for (const { label } of [...this.boxes.values()].flat())
      if (classOf(label, labels) === undefined) unknown.set(label, (unknown.get(label) ?? 0) + 1);
    const left = [...unknown].map(([label, count]) => {
      const where =
        labels.length === 0 ? say`the model has no labels (--labels)` : say`the model has no such label`;
      const boxes = count === 1 ? say`a box is` : say`${count} boxes are`;
      return say`truth "${label}": ${where}, so ${boxes} left out${suggestion(label, labels)}`;
    });
    return this.note === undefined ? left : [this.note, ...left];
  }

  /**
   * The boxes of a picture by class index.
   * @throws GradlensError "bad-picture" where boxes were drawn on a picture of another size
   */
  boxesOf(input: Input, picture: Size, labels: readonly string[] = []): ReadonlyMap<number, readonly Box[]> {
    const found = new Map<number, Box[]>();
    for (const one of this.boxes.get(input) ?? []) {
      this.checkInside(one, picture, input);
      const index = classOf(one.label, labels);
      if (index !== undefined) found.set(index, [...(found.get(index) ?? []), one.box]);
    }
    return found;
  }

  private checkInside({ box: [x, y, w, h], of }: TruthBox, { width, height }: Size, { shown }: Input): void {
    const isSame = of === undefined || (of.width === width && of.height === height);
    const isInside =
      x >= -ROUNDING && y >= -ROUNDING && x + w <= width + ROUNDING && y + h <= height + ROUNDING;
    if (isSame && isInside) return;
    const what = isSame ? say`the box ${x},${y},${w},${h}` : say`boxes on ${of.width}x${of.height} pixels`;
    throw new GradlensError(
      "bad-picture",
      say`${shown} has ${width}x${height} pixels, but ${this.file} has ${what}: boxes are in pixels of the original picture`,
    );
  }
}

/** The class of a label; undefined for one that no class, or several, have. */
function classOf(label: string, labels: readonly string[]): number | undefined {
  const index = labels.indexOf(label);
  return index < 0 || labels.indexOf(label, index + 1) >= 0 ? undefined : index;
}

const partsOf = (path: string): string[] => path.split(/[/\\]/).filter((part) => part !== "" && part !== ".");

const endsIn = (parts: readonly string[], end: readonly string[]): boolean =>
  end.every((part, i) => parts[parts.length - end.length + i] === part);
