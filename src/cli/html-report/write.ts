/** @file Writes report.html into a folder of results. */

import { basename, join, resolve } from "node:path";
import type { Progress } from "../../cam/request/types.js";
import { writeChunksAtomically } from "../../node/write-stream.js";
import type { ReportIndex } from "../../report/data.js";
import { reportPage } from "../../report/page.js";
import { REPORT_NAME } from "./place.js";
import { entryOf, findResults, Models, type FolderOfResults } from "./entries.js";
import type { FindPicture } from "./find-picture.js";
import { picturesOf } from "./pictures.js";
import { say } from "../../language/say.js";

export interface ReportEvents {
  readonly version: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** A report, and what it lacks. */
export interface WrittenReport {
  readonly path: string;
  /** Results whose original picture was not found. */
  readonly withoutPicture: number;
  /** Maps that were not saved as data: their overlays are shown. */
  readonly withoutHeat: number;
}

/**
 * Writes the report of all complete results below a folder; undefined where there are none.
 * @throws GradlensError "bad-file" where a file of results is missing, or the report cannot be written
 */
export async function writeReport(
  folder: string,
  findPicture: FindPicture,
  { version, signal, onProgress }: ReportEvents,
): Promise<WrittenReport | undefined> {
  const results = findResults(folder);
  if (results.length === 0) return undefined;
  let withoutPicture = 0;
  const find: FindPicture = async (record) => {
    const picture = await findPicture(record);
    if (picture === undefined) withoutPicture++;
    return picture;
  };
  const page = reportPage(indexOf(folder, results, version), (entry) => {
    onProgress({ done: entry, total: results.length, what: say`pictures of the report` });
    return picturesOf(results[entry]!, find);
  });
  const path = join(folder, REPORT_NAME);
  await writeChunksAtomically(path, bytesOf(page), { signal, finish: () => Promise.resolve() });
  const maps = results.flatMap(({ manifest }) => manifest.maps);
  const withoutHeat = maps.filter(({ heat }) => heat === undefined).length;
  return { path, withoutPicture, withoutHeat };
}

function indexOf(folder: string, results: readonly FolderOfResults[], version: string): ReportIndex {
  const models = new Models();
  const entries = results.map((one) => entryOf(one, folder, models.add(one.manifest)));
  const title = `gradlens · ${basename(resolve(folder))}`;
  return { title, made: new Date().toISOString(), version, models: models.all, entries };
}

async function* bytesOf(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text);
}
