/** @file The report's path in a folder of results. */

import { join } from "node:path";
import { GradlensError } from "../../errors.js";
import { REPORT_MARK } from "../../report/data.js";
import { hasSystemCode, readHead } from "../terminal/file-errors.js";
import { isThere, OUT_HINT } from "../results/store.js";
import { say, translated } from "../../language/say.js";

export const REPORT_NAME = "report.html";

/** The mark is among a report's first bytes. */
const HEAD_BYTES = 1024;

/**
 * Refuses to replace a file that gradlens did not write.
 * @throws GradlensError "bad-file"
 */
export async function checkReportPlace(folder: string, force: boolean): Promise<void> {
  const path = join(folder, REPORT_NAME);
  if (force || !isThere(path) || (await isReport(path))) return;
  throw new GradlensError(
    "bad-file",
    say`${path} exists and is not a report of gradlens: --force replaces it, or ${translated(OUT_HINT)}`,
  );
}

async function isReport(path: string): Promise<boolean> {
  try {
    return Buffer.from(await readHead(path, HEAD_BYTES)).includes(REPORT_MARK);
  } catch (error) {
    if (hasSystemCode(error, "EISDIR", "EACCES")) return false;
    throw error;
  }
}
