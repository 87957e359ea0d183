/** @file Weights as the files that a user gives: which one to read first, and those beside it. */

import { isConfig } from "../../checkpoint/folder-names.js";
import { badArgument, GradlensError } from "../../errors.js";
import { fromBlob, type ByteSource } from "../../checkpoint/source.js";
import { say } from "../../language/say.js";

/** Of several files these name or hold the others' places. */
const LEADING: readonly RegExp[] = [/^\.metadata$/, /\.index\.json$/];

/** The file to read of several. @throws GradlensError "bad-argument" where several could be meant */
function leadingOf(files: readonly File[]): File {
  const leading = LEADING.map((name) => files.filter((file) => name.test(file.name))).find(
    (found) => found.length > 0,
  );
  const [first, second] = leading ?? files;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) throw badArgument(say`no weights file is given`);
  throw badArgument(
    say`${first.name} and ${second!.name} are weights of several models: give one, or the index of its parts too`,
  );
}

/** Weights among files that were given. */
interface WeightFiles {
  readonly source: ByteSource;
  /** Opens a file that the checkpoint names. */
  readonly openSibling: (name: string) => Promise<ByteSource>;
  /** The files that were opened so far, in this order. */
  readonly opened: readonly File[];
}

/** @throws GradlensError "bad-argument" where several could be meant */
export async function weightFilesOf(files: readonly File[]): Promise<WeightFiles> {
  const beside = files.filter(({ name }) => isConfig(name));
  const leading = leadingOf(files.filter(({ name }) => !isConfig(name)));
  const opened = [leading];
  const openSibling = (name: string): Promise<ByteSource> => {
    const found = files.find((file) => file.name === name);
    if (found === undefined) {
      throw new GradlensError(
        "bad-file",
        say`${leading.name} needs the file ${name} beside it: drop both together`,
      );
    }
    opened.push(found);
    return Promise.resolve(fromBlob(name, found));
  };
  const alone = fromBlob(leading.name, leading);
  const source = beside.length > 0 ? (await import("./beside.js")).withBeside(alone, beside) : alone;
  return { source, openSibling, opened };
}
