/** @file Explains all pictures with one model. */

import { BoxFiles } from "../results/box-files.js";
import type { Engine } from "../engine/engine.js";
import { GradlensError, hasCode } from "../../errors.js";
import { asGradlensError } from "../terminal/exit.js";
import { explainPicture } from "./explain-picture.js";
import type { Failures } from "../terminal/failures.js";
import { shownPath } from "../terminal/file-errors.js";
import type { ForeignLetters } from "../terminal/foreign-letters.js";
import type { GridRun } from "./collect-grid.js";
import type { Host } from "../terminal/host.js";
import type { Messages } from "../terminal/messages.js";
import type { OptionValues } from "../../options/table.js";
import type { Input } from "../inputs/find-pictures.js";
import { loadPicture, readAhead, type LoadedPicture } from "../inputs/read-pictures.js";
import type { ReportRun } from "../html-report/run.js";
import { profileTable } from "../terminal/profile-table.js";
import { ProgressWatch } from "../terminal/progress.js";
import { remember } from "../options/remember.js";
import { PictureReport } from "./report.js";
import { openSession, withoutRefused, type Session, type Task } from "./session.js";
import { oneLine } from "../text/one-line.js";
import { unlessAborted } from "../terminal/until.js";
import { phrase, say, translated } from "../../language/say.js";

/** What all models of a run share. */
export interface RunContext {
  readonly host: Host;
  readonly typed: OptionValues;
  readonly engine: Engine;
  readonly messages: Messages;
  readonly failures: Failures;
  readonly stdin: () => Promise<Uint8Array>;
  readonly grid: GridRun | undefined;
  readonly foreign: ForeignLetters;
  readonly report: ReportRun | undefined;
}

/** The exit code where pictures of several were skipped. */
const SOME_SKIPPED = 1;

/** The ways in which one picture of several can fail, in words for the user. */
const FAILINGS = {
  unread: phrase`not readable`,
  unexplained: phrase`not explained`,
  unstored: phrase`not stored`,
  lost: phrase`lost with the GPU device`,
};

type Failing = keyof typeof FAILINGS;

export const failingWords = (failing: Failing, count: number): string =>
  `${count} ${translated(FAILINGS[failing])}`;

/** The outcomes of a model's pictures so far. */
export interface Tally {
  explained: number;
  skipped: number;
  readonly failed: Map<Failing, number>;
  /** Some results of the current picture are stored. */
  partly: boolean;
  /** Maps without heat, and their pictures. */
  readonly flat: { maps: number; pictures: number };
}

/** Loads the task's model, explains its pictures, and frees it. Throws for what ends the work on this model. */
export async function explainAll(run: RunContext, task: Task, tally: Tally): Promise<void> {
  const { host, typed, engine, messages, failures, stdin } = run;
  const pictures = readAhead(task.inputs, (input) => loadPicture(input, stdin, task.settings.reading));
  const only = task.inputs.length === 1;
  // The first picture is read while the adapter opens; that it cannot be read ends a run for it alone.
  const first = pictures.next();
  const readable = unlessAborted(first, host.signal).then((next) => {
    if (only && !next.done && next.value.loaded instanceof Error) throw next.value.loaded;
  });
  readable.catch(() => undefined);
  const boxes = new BoxFiles(task);
  boxes.check();
  await run.grid?.prepare(task);
  await run.report?.prepare(task);
  let session = await openSession(host, task, engine, messages, readable);
  const watch = new ProgressWatch(messages, task.inputs.length);
  let reopened = false;
  const nextOf = (): typeof first => unlessAborted(pictures.next(), host.signal);
  const skip = (failing: Failing, error: unknown, about?: string): void => {
    watch.end(false);
    failures.report(error, about, only ? undefined : SOME_SKIPPED);
    tally.failed.set(failing, (tally.failed.get(failing) ?? 0) + 1);
  };
  try {
    for (let next = await unlessAborted(first, host.signal); !next.done; next = await nextOf()) {
      const { input, loaded } = next.value;
      if (loaded instanceof Error) {
        skip("unread", loaded);
        continue;
      }
      host.signal.throwIfAborted();
      const { explained, skipped } = tally;
      try {
        session = await explainOne(run, task, session, { watch, tally, boxes }, input, loaded);
      } catch (error) {
        if (only || explained + skipped < tally.explained + tally.skipped) throw error;
        // A device that is lost again is likely to be lost with every picture.
        if (!reopened && hasCode(error, "device-lost")) {
          reopened = true;
          skip("lost", lossAt(input.shown, error));
          const lost = session;
          session = await openSession(host, task, engine, messages, Promise.resolve());
          await lost.close();
          continue;
        }
        if (!isOfPicture(error)) throw error;
        skip(asGradlensError(error).code === "bad-file" ? "unstored" : "unexplained", error, input.shown);
      }
      tally.partly = false;
    }
    if (typed.profile) messages.now(profileTable(await session.model.profile(), session.adapter.name));
  } finally {
    watch.clear();
    await session.close();
    // Also where the rest was interrupted.
    await task.scores.write();
    for (const file of boxes.write()) messages.fact(say`Written`, shownPath(file, host.cwd));
  }
}

const lossAt = (picture: string, cause: GradlensError): GradlensError =>
  new GradlensError(
    "device-lost",
    say`${picture}: the GPU device was lost and is opened again; the same command explains this picture once more`,
    { cause },
  );

/** Explains a picture and reports it. Returns the session for the next one. */
async function explainOne(
  { host, typed, messages, grid, foreign }: RunContext,
  task: Task,
  session: Session,
  { watch, tally, boxes }: { watch: ProgressWatch; tally: Tally; boxes: BoxFiles },
  input: Input,
  loaded: LoadedPicture,
): Promise<Session> {
  const failed = [...tally.failed.values()].reduce((sum, count) => sum + count, 0);
  const number = 1 + tally.explained + tally.skipped + failed;
  const report = new PictureReport(
    {
      settings: task.settings,
      shown: input.shown,
      cwd: host.cwd,
      place: [number, task.inputs.length],
    },
    messages,
  );
  const outcome = await explainPicture(host, task, session, input, loaded, {
    onWait: () => messages.now(say`waiting for another gradlens that writes results of ${input.shown} ...`),
    onPlace: ({ heading, text }) =>
      messages.once(heading, heading, oneLine(text((path) => shownPath(path, host.cwd)))),
    onBegin: () => watch.begin(),
    onProgress: (progress) => watch.show(progress, input.shown),
    onStored(manifest, names) {
      watch.clear();
      messages.release();
      tally.partly = true;
      report.stored(manifest, names);
    },
  });
  watch.clear();
  messages.release();
  const next = withoutRefused(session, outcome.refused, messages);
  const { embedding } = outcome.manifest;
  if (!embedding || embedding.vectors)
    task.scores.add(outcome.place.picture, outcome.place.model, outcome.manifest);
  const first = tally.explained + tally.skipped === 0;
  tally[outcome.skipped ? "skipped" : "explained"]++;
  boxes.add(input, outcome.place, outcome.manifest);
  report.end(outcome);
  const flat = outcome.requested.filter((record) => record.flat !== undefined).length;
  tally.flat.maps += flat;
  if (flat > 0) tally.flat.pictures++;
  grid?.add(task, next, input, outcome);
  foreign.add(outcome.foreign);
  if (typed.remember && first) {
    const file = remember(task.model.values, typed, next.model, task.weights, host.cwd);
    messages.fact(say`Kept`, say`settings of this run in ${file}, for later ones`);
  }
  if (typed.json) host.stdout.write(`${JSON.stringify(outcome.manifest)}\n`);
  watch.end(!outcome.skipped);
  return next;
}

/** Errors of the file system that would meet the next picture too. */
const OF_DISK = new Set(["ENOSPC", "EDQUOT", "EROFS", "EMFILE", "ENFILE", "EIO"]);

/** Whether an error is about one picture or its folder: the next one may do well. */
function isOfPicture(error: unknown): boolean {
  const { code, cause } = asGradlensError(error);
  if (code === "internal" || code === "bad-picture") return true;
  return code === "bad-file" && !OF_DISK.has(String((cause as NodeJS.ErrnoException | undefined)?.code));
}
