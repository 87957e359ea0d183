/** @file Writes the files of `--boxes` to the output folder: one for each model and format. */

import { join, relative, sep } from "node:path";
import { writeFileAtomically } from "../../node/atomic.js";
import type { BoxFormatName } from "../../options/box-formats.js";
import { BOX_FORMATS, type BoxedPicture } from "./boxes.js";
import type { Input } from "../inputs/find-pictures.js";
import type { Manifest, Rendering } from "../../results/manifest.js";
import type { Place } from "./place.js";
import { notWritten, OUT_HINT, readOutputText } from "./store.js";
import { safeName } from "../../text/safe-names.js";
import type { WeightsFile } from "../inputs/weights.js";
import { say, translated } from "../../language/say.js";

/** The facts of a run with one model that the files depend on. */
interface BoxedRun {
  /** The output folder, absolute. */
  readonly out: string;
  readonly inputs: readonly Input[];
  readonly weights: Pick<WeightsFile, "folder">;
  readonly settings: {
    readonly boxes: readonly BoxFormatName[];
    readonly force: boolean;
    readonly rendering: Rendering;
  };
}

export class BoxFiles {
  private readonly pictures: BoxedPicture[] = [];

  constructor(private readonly run: BoxedRun) {}

  /**
   * @throws GradlensError "bad-file" for a file that gradlens did not write, unless --force allows replacing it
   */
  check(): void {
    const { boxes, force } = this.run.settings;
    for (const format of force ? [] : boxes) {
      const path = this.path(format);
      const text = readOutputText(path, say`boxes`);
      if (text === undefined || text.replace(/^\uFEFF/, "").startsWith(BOX_FORMATS[format].mark)) continue;
      throw notWritten(path);
    }
  }

  add(input: Input, { dir, picture, model }: Place, manifest: Manifest): void {
    const { inputs, settings, out } = this.run;
    if (settings.boxes.length === 0) return;
    const names = input.file?.split(sep).slice(-input.folder.length) ?? input.folder;
    this.pictures.push({
      id: inputs.indexOf(input) + 1,
      file: names.join("/"),
      folder: picture.join("/"),
      model,
      place: relative(out, dir)
        .split(sep)
        .filter((part) => part !== ""),
      manifest,
    });
  }

  /**
   * Writes the added regions; returns the files' paths.
   * @throws GradlensError "bad-file"
   */
  write(): string[] {
    const { boxes, rendering } = this.run.settings;
    if (this.pictures.length === 0) return [];
    return boxes.map((format) => {
      const path = this.path(format);
      writeFileAtomically(path, BOX_FORMATS[format].text(this.pictures, rendering), translated(OUT_HINT));
      return path;
    });
  }

  private path(format: BoxFormatName): string {
    const { out, weights } = this.run;
    return join(out, `boxes-${safeName(weights.folder)}${BOX_FORMATS[format].suffix}`);
  }
}
