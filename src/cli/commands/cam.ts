/** @file `gradlens cam`: heat maps of pictures by one model after the other. */

import { join } from "node:path";
import { badArgument } from "../../errors.js";
import { asGradlensError, exitCode } from "../terminal/exit.js";
import { explainAll, type RunContext } from "../explain/explain-pictures.js";
import { Tally } from "../explain/tally.js";
import { Failures } from "../terminal/failures.js";
import { shownPath } from "../terminal/file-errors.js";
import { readGridSettings } from "../grid/grid-settings.js";
import { ForeignLetters } from "../terminal/foreign-letters.js";
import { GridRun } from "../explain/collect-grid.js";
import type { Host } from "../terminal/host.js";
import { Messages } from "../terminal/messages.js";
import { archOf } from "../options/model-names.js";
import type { OptionValues } from "../../options/table.js";
import { ReportRun } from "../html-report/run.js";
import { readStdin } from "../inputs/read-pictures.js";
import { SCORES_NAME } from "../results/scores-csv.js";
import { prepareTask } from "../explain/task.js";
import { checkWeights, nameWeights, type WeightsFile } from "../inputs/weights.js";
import { countText, say } from "../../language/say.js";

export async function runCam(host: Host, typed: OptionValues): Promise<number> {
  if (typed.quiet && typed.verbose)
    throw badArgument(say`--quiet and --verbose contradict each other: give one`);
  const messages = new Messages(host.stderr, host.env, typed.quiet ?? false, typed.verbose ?? false);
  for (const note of uselessOptions(typed)) messages.fact(say`Note`, note);
  const engine = await host.engine();
  const all = nameWeights(typed, archOf(typed.arch, engine), host);
  const failures = new Failures(host.stderr, typed.debug ?? false);
  let bytes: Promise<Uint8Array> | undefined;
  const stdin = (): Promise<Uint8Array> => (bytes ??= readStdin(host.stdin));
  const foreign = new ForeignLetters();
  const gridSettings = await readGridSettings(typed, host.cwd, (note) => messages.fact(say`Note`, note));
  const grid = gridSettings && new GridRun(gridSettings, host, stdin, foreign);
  const report = typed.report ? new ReportRun(host, messages) : undefined;
  const run: RunContext = { host, typed, engine, messages, failures, stdin, grid, foreign, report };
  const [only, ...others] = all;
  const ended =
    others.length === 0 ? await runModel(run, await checkWeights(only!)) : await runModels(run, all);
  if (ended !== undefined) return ended;
  const interrupted = await grid?.finish(messages, typed.json ?? false);
  foreign.report(messages);
  if (interrupted !== undefined) return interrupted;
  return (await report?.finish(typed.json ?? false)) ?? failures.code;
}

/**
 * Runs one model after the other. An error of one does not stop the others. Returns the exit code where Ctrl-C ended it.
 */
async function runModels(run: RunContext, all: readonly WeightsFile[]): Promise<number | undefined> {
  const { messages, failures } = run;
  const there: WeightsFile[] = [];
  for (const weights of all) {
    // Mistyped names are reported before hours of work, not after.
    await checkWeights(weights).then(
      (file) => there.push(file),
      (error: unknown) => failures.report(error, weights.shown),
    );
  }
  let done = 0;
  for (const weights of there) {
    try {
      const ended = await runModel(run, weights);
      if (ended !== undefined) {
        messages.now(say`${done} of ${all.length} models are complete`);
        return ended;
      }
      done++;
    } catch (error) {
      if (asGradlensError(error).code === "aborted") throw error;
      failures.report(error, weights.shown);
    }
    messages.hold();
  }
  messages.now(
    say`Of ${all.length} models ${done} done${done < all.length ? say`, ${all.length - done} failed` : ""}`,
  );
  return undefined;
}

/** Returns the exit code where Ctrl-C ended it. */
async function runModel(run: RunContext, weights: WeightsFile): Promise<number | undefined> {
  const { host, typed, engine, messages } = run;
  const task = await prepareTask(host, typed, weights, engine, messages);
  const tally = new Tally();
  const total = task.inputs.length;
  try {
    await explainAll(run, task, tally);
  } catch (error) {
    const known = asGradlensError(error);
    if (known.code !== "aborted") throw known;
    const rest = tally.partly ? say`, and some methods of one more; the same command makes the rest` : "";
    host.stderr.write(
      say`gradlens: interrupted; ${tally.complete} of ${total} pictures are complete${rest}\n`,
    );
    return exitCode(known);
  }
  if (total > 1) {
    const scores = shownPath(join(task.out, SCORES_NAME), host.cwd);
    messages.now(
      say`Of ${total} pictures ${tally.explained} explained, ${tally.skipped} complete already${tally.failedWords()}; scores in ${scores}`,
    );
    const { maps, pictures } = tally.flat;
    if (maps > 0 && !messages.verbose)
      messages.now(
        maps === 1
          ? say`1 map of ${countText(pictures, "picture")} shows nothing (flat); why: -v, or "flat" in manifest.json`
          : say`${maps} maps of ${countText(pictures, "picture")} show nothing (flat); why: -v, or "flat" in manifest.json`,
      );
  }
  return undefined;
}

/** Notes on options of other programs, which are accepted and do nothing. */
function uselessOptions(typed: OptionValues): string[] {
  const device = typed.device !== undefined && say`--device ${typed.device}`;
  return [typed.useCuda && "--use-cuda", device]
    .filter((option) => typeof option === "string")
    .map(
      (option) =>
        say`${option} has no effect here: a GPU is used if the machine has one (--adapter chooses another)`,
    );
}
