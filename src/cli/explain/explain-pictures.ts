/** @file Explains all pictures with one model. */

import { BoxFiles } from "../results/box-files.js";
import type { Engine } from "../engine/engine.js";
import { GradlensError, hasCode } from "../../errors.js";
import { asGradlensError } from "../terminal/exit.js";
import { explainPicture, type Outcome } from "./explain-picture.js";
import { openPicture } from "./picture-context.js";
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
import { openSession, withoutRefused, type Session } from "./session.js";
import type { Failing, Tally } from "./tally.js";
import type { CamTask } from "./task.js";
import { oneLine } from "../text/safe-text.js";
import { unlessAborted } from "../terminal/abortable.js";
import { say } from "../../language/say.js";

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

/**
 * Loads the task's model, explains its pictures, and frees it.
 * @throws GradlensError for what ends the work on this model
 */
export async function explainAll(run: RunContext, task: CamTask, tally: Tally): Promise<void> {
  const { host, typed, engine, messages, stdin } = run;
  const pictures = readAhead(task.inputs, (input) => loadPicture(input, stdin, task.settings.reading));
  // The first picture is read while the adapter opens.
  const first = pictures.next();
  const readable = unlessAborted(first, host.signal).then((next) => {
    // If the only picture is unreadable, the run ends.
    if (task.inputs.length === 1 && !next.done && next.value.loaded instanceof Error) throw next.value.loaded;
  });
  readable.catch(() => undefined);
  const boxes = new BoxFiles(task);
  boxes.check();
  await run.grid?.prepare(task);
  await run.report?.prepare(task);
  const session = await openSession(host, task, engine, messages, readable);
  const model = new ModelRun(run, task, tally, boxes, session);
  const nextOf = (): typeof first => unlessAborted(pictures.next(), host.signal);
  try {
    for (let next = await unlessAborted(first, host.signal); !next.done; next = await nextOf())
      await model.process(next.value);
    if (typed.profile) messages.now(await model.profile());
  } finally {
    await model.close();
    // Also where the rest was interrupted.
    await task.scores.write();
    for (const file of boxes.write()) messages.fact(say`Written`, shownPath(file, host.cwd));
  }
}

/** One model's work on its pictures. */
class ModelRun {
  private readonly watch: ProgressWatch;
  private readonly isOnly: boolean;
  private reopened = false;

  constructor(
    private readonly run: RunContext,
    private readonly task: CamTask,
    private readonly tally: Tally,
    private readonly boxes: BoxFiles,
    private session: Session,
  ) {
    this.watch = new ProgressWatch(run.messages, task.inputs.length);
    this.isOnly = task.inputs.length === 1;
  }

  /** Explains a picture. An error of one picture of several skips that picture. */
  async process({ input, loaded }: { input: Input; loaded: LoadedPicture | GradlensError }): Promise<void> {
    const { run, tally } = this;
    if (loaded instanceof Error) return this.skip("unread", loaded);
    run.host.signal.throwIfAborted();
    const { complete } = tally;
    try {
      await this.explain(input, loaded);
    } catch (error) {
      if (this.isOnly || complete < tally.complete) throw error;
      // A device that is lost again is likely to be lost with every picture.
      if (!this.reopened && hasCode(error, "device-lost")) {
        this.skip("lost", lossAt(input.shown, error));
        return this.reopen();
      }
      if (!isOfPicture(error)) throw error;
      this.skip(asGradlensError(error).code === "bad-file" ? "unstored" : "unexplained", error, input.shown);
    }
    tally.partly = false;
  }

  async profile(): Promise<string> {
    return profileTable(await this.session.model.profile(), this.session.adapter.name);
  }

  close(): Promise<void> {
    this.watch.clear();
    return this.session.close();
  }

  private skip(failing: Failing, error: unknown, about?: string): void {
    this.watch.end(false);
    this.run.failures.report(error, about, this.isOnly ? undefined : SOME_SKIPPED);
    this.tally.fail(failing);
  }

  private async reopen(): Promise<void> {
    const { host, engine, messages } = this.run;
    this.reopened = true;
    const lost = this.session;
    this.session = await openSession(host, this.task, engine, messages, Promise.resolve());
    await lost.close();
  }

  private async explain(input: Input, loaded: LoadedPicture): Promise<void> {
    const { task, tally, watch } = this;
    const { host, messages } = this.run;
    const { settings } = task;
    const place = [1 + tally.seen, task.inputs.length] as const;
    const report = new PictureReport({ settings, shown: input.shown, cwd: host.cwd, place }, messages);
    const context = await openPicture(host, task, this.session, input, loaded, {
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
    const outcome = await explainPicture(context);
    watch.clear();
    messages.release();
    this.session = withoutRefused(this.session, outcome.refused, messages);
    this.collect(input, outcome, report);
    watch.end(!outcome.skipped);
  }

  /** Reports a picture, and adds it to what the run writes at its end. */
  private collect(input: Input, outcome: Outcome, report: PictureReport): void {
    const { task, tally, session } = this;
    const { host, typed, messages, grid, foreign } = this.run;
    const { manifest, place, requested, skipped } = outcome;
    if (!manifest.embedding || manifest.embedding.vectors)
      task.scores.add(place.picture, place.model, manifest);
    const isFirst = tally.complete === 0;
    tally[skipped ? "skipped" : "explained"]++;
    this.boxes.add(input, place, manifest);
    report.end(outcome);
    const flat = requested.filter((record) => record.flat !== undefined).length;
    tally.flat.maps += flat;
    if (flat > 0) tally.flat.pictures++;
    grid?.add(task, session, input, outcome);
    foreign.add(outcome.foreign);
    if (typed.remember && isFirst) {
      const file = remember(task.model.values, typed, session.model, task.weights, host.cwd);
      messages.fact(say`Kept`, say`settings of this run in ${file}, for later ones`);
    }
    if (typed.json) host.stdout.write(`${JSON.stringify(manifest)}\n`);
  }
}

const lossAt = (picture: string, cause: GradlensError): GradlensError =>
  new GradlensError(
    "device-lost",
    say`${picture}: the GPU device was lost and is opened again; the same command explains this picture once more`,
    { cause },
  );

/** Errors of the file system that would meet the next picture too. */
const OF_DISK = new Set(["ENOSPC", "EDQUOT", "EROFS", "EMFILE", "ENFILE", "EIO"]);

/** Whether an error is about one picture or its folder: the next one may do well. */
function isOfPicture(error: unknown): boolean {
  const { code, cause } = asGradlensError(error);
  if (code === "internal" || code === "bad-picture") return true;
  return code === "bad-file" && !OF_DISK.has(String((cause as NodeJS.ErrnoException | undefined)?.code));
}
