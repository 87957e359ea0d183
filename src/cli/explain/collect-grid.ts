/** @file `--grid` in a run: collects complete pictures, and draws the grid at the end. */

import type { Progress } from "../../cam/request/types.js";
import type { Outcome } from "./explain-picture.js";
import { asGradlensError, errorText, exitCode } from "../terminal/exit.js";
import { ProgressWatch } from "../terminal/progress.js";
import { shownPath } from "../terminal/file-errors.js";
import type { ForeignLetters } from "../terminal/foreign-letters.js";
import type { Host } from "../terminal/host.js";
import type { Input } from "../inputs/find-pictures.js";
import type { Messages } from "../terminal/messages.js";
import { loadPicture } from "../inputs/read-pictures.js";
import type { Session } from "./session.js";
import type { CamTask } from "./task.js";
import type { GridSource } from "../../figure/grid/sources.js";
import type { GridSettings } from "../grid/grid-settings.js";
import { gridSourceOf } from "../grid/grid-sources.js";
import { GridPlace, writeGrid, type GridFiles } from "../grid/write.js";
import { say } from "../../language/say.js";

export class GridRun {
  private readonly sources: GridSource[] = [];
  private place: GridPlace | undefined;
  /** What was requested and is on no grid, each with the reason. */
  private readonly missing = new Set<string>();

  constructor(
    private readonly grid: GridSettings,
    private readonly host: Host,
    private readonly stdin: () => Promise<Uint8Array>,
    private readonly foreign: ForeignLetters,
  ) {}

  /** Before the first model of a run: throws `bad-file` where the grid would replace a file of others. */
  async prepare({ out, inputs, settings }: CamTask): Promise<void> {
    if (this.place !== undefined) return;
    const place = new GridPlace(out, inputs, settings.force, this.grid.format);
    await place.check();
    this.place = place;
  }

  /** Adds a complete picture. */
  add(
    { settings, methods, weights }: CamTask,
    { refused, guided }: Session,
    input: Input,
    { manifest, requested, targets }: Outcome,
  ): void {
    if (requested.length === 0) this.missing.add(say`${input.shown} (no map)`);
    if (settings.guided && !guided) {
      const why = refused.find(({ method }) => method === "guided")?.reason ?? say`not supported`;
      this.missing.add(say`guided backprop of ${weights.shown} (${why})`);
    }
    this.sources.push(
      gridSourceOf({
        image: input.folder.join("/"),
        model: weights.folder,
        manifest,
        requested,
        methods,
        refused,
        guided,
        targets: targets.map(({ index }) => index),
        overlaySize: settings.rendering.overlaySize,
        picture: async () => (await loadPicture(input, this.stdin, settings.reading)).picture,
      }),
    );
  }

  /**
   * Draws and writes the grid. Returns the exit code where Ctrl-C ended it.
   * @throws GradlensError "bad-file", "bad-picture"
   */
  async finish(messages: Messages, json: boolean): Promise<number | undefined> {
    if (this.place === undefined || this.sources.length === 0) return undefined;
    const { cwd, signal, stdout, stderr } = this.host;
    const watch = new ProgressWatch(messages);
    const onProgress = (progress: Progress): void => watch.show(progress, "Grid");
    let drawn: GridFiles;
    try {
      drawn = await writeGrid(this.sources, this.grid, this.place, { signal, onProgress });
    } catch (error) {
      const known = asGradlensError(error);
      if (known.code !== "aborted") throw known;
      stderr.write(errorText(known, false));
      return exitCode(known);
    } finally {
      watch.clear();
    }
    const { files, foreign, unused } = drawn;
    messages.release();
    for (const file of files) messages.fact(say`Grid`, shownPath(file, cwd));
    if (files.length === 0) messages.fact(say`No grid`, say`no map to show`);
    else for (const line of this.missing) messages.fact(say`Note`, say`on no grid: ${line}`);
    if (unused.length > 0) messages.fact(say`Note`, say`--headings: on no grid is ${quotedList(unused)}`);
    this.foreign.add(foreign);
    if (json) stdout.write(`${JSON.stringify({ format: "gradlens-grid", files })}\n`);
    return undefined;
  }
}

const quotedList = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
