/** @file One model over all pictures. */

import { BoxFiles } from "../results/box-files.js";
import type { Engine } from "../engine.js";
import { GradlensError, hasCode } from "../../errors.js";
import { explainPicture, type Outcome } from "./explain-picture.js";
import type { Failures } from "../failures.js";
import { shownPath } from "../sources/files.js";
import type { ForeignLetters } from "../foreign-letters.js";
import type { GridRun } from "../grid/run.js";
import type { Host } from "../host.js";
import type { Messages } from "../messages.js";
import type { Values } from "../arguments/options.js";
import { loadPicture, readAhead } from "../sources/pictures.js";
import { profileTable } from "../profile-table.js";
import { ProgressWatch } from "./progress.js";
import { remember } from "../arguments/remember.js";
import { report } from "./report.js";
import { openSession, withoutRefused, type Task } from "./session.js";

/** What all models of a run share. */
export interface Run {
  readonly host: Host;
  readonly typed: Values;
  readonly engine: Engine;
  readonly messages: Messages;
  readonly failures: Failures;
  readonly stdin: () => Promise<Uint8Array>;
  readonly grid: GridRun | undefined;
  readonly foreign: ForeignLetters;
}

/** What became of a model's pictures so far. */
export interface Tally {
  explained: number;
  skipped: number;
  failed: number;
  /** The picture in work has some of its results. */
  partly: boolean;
}

/** Loads the task's model, explains its pictures, and frees it. Throws for what ends the work on this model. */
export async function explainAll(run: Run, task: Task, tally: Tally): Promise<void> {
  const { host, typed, engine, messages, failures, stdin } = run;
  const pictures = readAhead(task.inputs, (input) => loadPicture(input, stdin, task.settings.reading));
  const only = task.inputs.length === 1;
  // The first picture is read while the adapter opens; that it cannot be read ends a run for it alone.
  const first = pictures.next();
  const readable = first.then((next) => {
    if (only && !next.done && next.value.loaded instanceof Error) throw next.value.loaded;
  });
  readable.catch(() => undefined);
  const boxes = new BoxFiles(task);
  await boxes.check();
  await run.grid?.prepare(task);
  let session = await openSession(host, task, engine, messages, readable);
  const watch = new ProgressWatch(messages, host.stderr, task.inputs.length);
  let remembered = false;
  let reopened = false;
  try {
    for (let next = await first; !next.done; next = await pictures.next()) {
      const { input, loaded } = next.value;
      if (loaded instanceof Error) {
        watch.end(false);
        failures.tell(loaded);
        tally.failed++;
        continue;
      }
      host.signal.throwIfAborted();
      const explaining = explainPicture(task, session, input, loaded, {
        versions: host.versions,
        signal: host.signal,
        onBegin: () => watch.begin(),
        onProgress: (progress) => watch.show(progress, input.shown),
        onStored() {
          watch.clear();
          messages.release();
          tally.partly = true;
        },
      });
      let outcome: Outcome;
      try {
        outcome = await explaining;
      } catch (error) {
        // A device that is lost again is likely to be lost with every picture.
        if (only || reopened || !hasCode(error, "device-lost")) throw error;
        reopened = true;
        watch.end(false);
        failures.tell(lossAt(input.shown, error));
        tally.failed++;
        const lost = session;
        session = await openSession(host, task, engine, messages, Promise.resolve());
        await lost.close();
        continue;
      }
      tally.partly = false;
      watch.clear();
      messages.release();
      session = withoutRefused(session, outcome.refused, messages);
      task.scores.add(input.folder, task.weights.folder, outcome.manifest);
      tally[outcome.skipped ? "skipped" : "explained"]++;
      boxes.add(input, outcome.manifest);
      report(outcome, task.settings, input.shown, host.cwd, messages);
      run.grid?.add(task, session, input, outcome);
      run.foreign.add(outcome.foreign);
      if (typed.remember && !remembered) {
        const file = remember(task.model.values, typed, session.model, task.weights, host.cwd);
        messages.fact("Kept", `settings of this run in ${file}, for later ones`);
        remembered = true;
      }
      if (typed.json) host.stdout.write(`${JSON.stringify(outcome.manifest)}\n`);
      watch.end(!outcome.skipped);
    }
    if (typed.profile) messages.now(profileTable(await session.model.profile(), session.adapter.name));
  } finally {
    watch.clear();
    await session.close();
    // Also where the rest was interrupted.
    task.scores.write();
    for (const file of boxes.write()) messages.fact("Written", shownPath(file, host.cwd));
  }
}

const lossAt = (picture: string, cause: GradlensError): GradlensError =>
  new GradlensError(
    "device-lost",
    `${picture}: the GPU device was lost and is opened again; the same command explains this picture once more`,
    { cause },
  );
