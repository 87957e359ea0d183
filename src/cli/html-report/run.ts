/** @file Makes a report for the user: with progress, and notes on what it lacks. */

import { GradlensError } from "../../errors.js";
import { errorText, exitCode } from "../terminal/exit.js";
import type { Host } from "../terminal/host.js";
import type { Messages } from "../terminal/messages.js";
import { ProgressWatch } from "../terminal/progress.js";
import { shownPath } from "../terminal/file-errors.js";
import { pictureFinder } from "./find-picture.js";
import { checkReportPlace } from "./place.js";
import { countText, say } from "../../language/say.js";

/**
 * Writes the report of the results in `out`; `files` may be the pictures that they are of. Returns its path; undefined where
 * the folder holds no results.
 * @throws GradlensError "bad-file", "bad-picture", or the signal's reason
 */
export async function makeReport(
  { out, files }: { readonly out: string; readonly files: Iterable<string> },
  host: Host,
  messages: Messages,
): Promise<string | undefined> {
  // It holds the page, which no other command needs.
  const { writeReport } = await import("./write.js");
  const watch = new ProgressWatch(messages);
  const report = await writeReport(out, pictureFinder([...files]), {
    version: host.versions.gradlens,
    signal: host.signal,
    onProgress: (progress) => watch.show(progress, "Report"),
  }).finally(() => watch.clear());
  messages.release();
  if (report === undefined) return undefined;
  const { path, withoutPicture, withoutHeat } = report;
  messages.fact(say`Report`, shownPath(path, host.cwd));
  if (withoutPicture > 0) {
    const command = `gradlens report ${shownPath(out, host.cwd)} --image FILES`;
    const pictures = countText(withoutPicture, "picture");
    messages.fact(say`Note`, say`${pictures} not found, so the maps are shown alone: ${command} names them`);
  }
  if (withoutHeat > 0) {
    const maps = countText(withoutHeat, "map");
    messages.fact(say`Note`, say`${maps} without saved values, shown as overlays: cam --report saves values`);
  }
  return path;
}

/** `--report` in a run of `cam`: collects the pictures, and writes the report at the end. */
export class ReportRun {
  private out: string | undefined;
  private readonly files = new Set<string>();

  constructor(
    private readonly host: Host,
    private readonly messages: Messages,
  ) {}

  /**
   * Before a model's work.
   * @throws GradlensError "bad-file" where the report would replace a file of others
   */
  async prepare(task: {
    readonly out: string;
    readonly inputs: readonly { readonly file?: string }[];
    readonly settings: { readonly force: boolean };
  }): Promise<void> {
    await checkReportPlace(task.out, task.settings.force);
    this.out = task.out;
    for (const { file } of task.inputs) if (file !== undefined) this.files.add(file);
  }

  /**
   * Writes the report. Returns the exit code where Ctrl-C ended it.
   * @throws GradlensError "bad-file", "bad-picture"
   */
  async finish(json: boolean): Promise<number | undefined> {
    const { out, files, host, messages } = this;
    if (out === undefined) return undefined;
    try {
      const path = await makeReport({ out, files }, host, messages);
      if (path === undefined) messages.fact(say`No report`, say`no map to show`);
      else if (json) host.stdout.write(reportLine(path));
      return undefined;
    } catch (error) {
      if (!host.signal.aborted) throw error;
      const message = say`interrupted; the maps are complete, the report is not written`;
      const interrupted = new GradlensError("aborted", message, { cause: error });
      host.stderr.write(errorText(interrupted, false));
      return exitCode(interrupted);
    }
  }
}

/** For programs: a line of JSON. */
export const reportLine = (path: string): string =>
  `${JSON.stringify({ format: "gradlens-report", files: [path] })}\n`;
