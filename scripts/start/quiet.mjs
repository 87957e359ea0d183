/**
 * `node --import gradlens/quiet PROGRAM`: runs a program that uses the library without the lines that Dawn and graphics
 * drivers write to stderr. Native code writes them to the file descriptor, so no program can filter its own.
 */
import { isMainThread } from "node:worker_threads";
import { run } from "./run.mjs";

const [, program, ...args] = process.argv;
// Where NODE_OPTIONS names this file, the program that it starts loads it again.
const isStarted = process.ppid === Number(process.env.GRADLENS_STARTER);
if (isMainThread && program !== undefined && !isStarted)
  process.exit(await run(program, args, {}, { nodeOptions: withoutThis(process.execArgv) }));

/** Node's options as they were typed, as `--import tsx`, but not the one that loaded this file. */
function withoutThis(options) {
  const isThis = (word) => word === "gradlens/quiet";
  return options.filter(
    (word, i) =>
      !isThis(word) && !(word === "--import" && isThis(options[i + 1])) && word !== "--import=gradlens/quiet",
  );
}
