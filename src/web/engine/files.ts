/** @file Weights as the files that a user drops: which one to read first, and those beside it. */

import { GradlensError } from "../../errors.js";
import { fromBlob, type ByteSource } from "../../checkpoint/source.js";
import { say } from "../../language/say.js";

/** Of several files these name or hold the others' places. */
const LEADING: readonly RegExp[] = [/^\.metadata$/, /\.index\.json$/];

/** The file to read of several. @throws GradlensError "bad-argument" where several could be meant */
export function leadingOf(files: readonly File[]): File {
  const leading = LEADING.map((name) => files.filter((file) => name.test(file.name))).find(
    (found) => found.length > 0,
  );
  const [first, second] = leading ?? files;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) throw new GradlensError("bad-argument", say`no weights file is given`);
  throw new GradlensError(
    "bad-argument",
    say`${first.name} and ${second!.name} are weights of several models: give one, or the index of its parts too`,
  );
}

/** Opens a file that the checkpoint names, of those that were given. */
export const siblingsOf =
  (files: readonly File[], leading: File) =>
  (name: string): Promise<ByteSource> => {
    const found = files.find((file) => file.name === name);
    if (found !== undefined) return Promise.resolve(fromBlob(name, found));
    throw new GradlensError(
      "bad-file",
      say`${leading.name} needs the file ${name} beside it: drop both together`,
    );
  };
