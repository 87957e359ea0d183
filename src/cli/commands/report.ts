/** @file `gradlens report`: one HTML page of all results in a folder. */

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { badArgument, GradlensError } from "../../errors.js";
import { checkReportPlace } from "../html-report/place.js";
import { makeReport, reportLine } from "../html-report/run.js";
import { findInputs } from "../inputs/find-pictures.js";
import type { OptionValues } from "../../options/table.js";
import type { Host } from "../terminal/host.js";
import { fileError, hasSystemCode, noSuchFile } from "../terminal/file-errors.js";
import { Messages } from "../terminal/messages.js";
import { say } from "../../language/say.js";

export async function runReport(host: Host, typed: OptionValues, folder: string): Promise<number> {
  const messages = new Messages(host.stderr, host.env, typed.quiet ?? false);
  const out = resolve(host.cwd, folder);
  const patterns = typed.image ?? [];
  if (patterns.includes("-")) throw badArgument(say`--image -: name the pictures' files instead`);
  await checkFolder(out);
  await checkReportPlace(out, typed.force ?? false);
  const { inputs } = await findInputs(patterns, host.cwd, out);
  const files = inputs.flatMap(({ file }) => file ?? []);
  const path = await makeReport({ out, files }, host, messages);
  if (path === undefined)
    throw new GradlensError(
      "bad-file",
      say`${folder} holds no results of gradlens: name the folder of --out`,
    );
  if (typed.json) host.stdout.write(reportLine(path));
  return 0;
}

/** @throws GradlensError "bad-file" unless the path is a folder */
async function checkFolder(path: string): Promise<void> {
  const way = say`name the folder of cam --out`;
  try {
    if ((await stat(path)).isDirectory()) return;
  } catch (error) {
    throw hasSystemCode(error, "ENOENT")
      ? await noSuchFile(say`results`, path, way)
      : fileError(error, say`results`, path, way);
  }
  throw new GradlensError("bad-file", say`results ${path}: this is a file, not a folder; ${way}`);
}
