/** @file The report's path in a folder of results. */

import { open } from "node:fs/promises";
import { join } from "node:path";
import { GradlensError } from "../../errors.js";
import { REPORT_MARK } from "../../report/data.js";
import { hasCode } from "../terminal/file-errors.js";
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
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString("utf8", 0, bytesRead).includes(REPORT_MARK);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, "EISDIR", "EACCES")) return false;
    throw error;
  }
}
