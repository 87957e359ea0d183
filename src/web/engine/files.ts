/** @file Chooses the weights file to read first among given files, and opens the others for it. */

import { isConfig } from "../../checkpoint/folder-names.js";
import { badArgument, GradlensError } from "../../errors.js";
import { fromBlob, type ByteSource } from "../../checkpoint/source.js";
import { say } from "../../language/say.js";

/** Suffixes of files that name the other files of a checkpoint. */
const LEADING: readonly RegExp[] = [/^\.metadata$/, /\.index\.json$/];

/** The file to read first. @throws GradlensError "bad-argument" if the choice is ambiguous */
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

/** The weights among the given files. */
interface WeightFiles {
  readonly source: ByteSource;
  /** Opens a file that the checkpoint names. */
  readonly openSibling: (name: string) => Promise<ByteSource>;
  /** The opened files, in order. */
  readonly opened: readonly File[];
}

/** @throws GradlensError "bad-argument" if the choice is ambiguous */
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
  const source = beside.length > 0 ? (await import("./config-files.js")).withBeside(alone, beside) : alone;
  return { source, openSibling, opened };
}
