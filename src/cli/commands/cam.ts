/** @file `gradlens cam`: heat maps of pictures. */

import { join } from "node:path";
import { asGradlensError, errorText, exitCode, oneLine } from "../exit.js";
import { explainPicture, type Outcome } from "../explain-picture.js";
import { shownPath } from "../files.js";
import type { Host } from "../host.js";
import { Messages, regionWords, scoreWords, shareWords, wrap } from "../messages.js";
import type { Values } from "../options.js";
import { loadPicture, readAhead } from "../pictures.js";
import { profileTable } from "../profile-table.js";
import { ProgressBar } from "../progress.js";
import { remember } from "../remember.js";
import { openSession, prepareTask } from "../session.js";
import type { CamSettings } from "../settings.js";

/** Files of one map that are named; of more there is only the count. */
const NAMED_FILES = 12;

export async function runCam(host: Host, typed: Values): Promise<number> {
  const messages = new Messages(host.stderr, host.env, typed.quiet ?? false);
  for (const note of uselessOptions(typed)) messages.fact("Note", note);
  const engine = await host.engine();
  const task = await prepareTask(host, typed, engine, messages);
  const pictures = readAhead(task.inputs, (input) => loadPicture(input, host.stdin, task.settings.maxPixels));
  const only = task.inputs.length === 1;
  // The first picture is read while the adapter opens; that it cannot be read ends a run for it alone.
  const first = pictures.next();
  const readable = first.then((next) => {
    if (only && !next.done && next.value.loaded instanceof Error) throw next.value.loaded;
  });
  readable.catch(() => undefined);
  const count = { explained: 0, skipped: 0, failed: 0 };
  const session = await openSession(host, task, engine, messages, readable);
  let remembered = false;
  const bar = new ProgressBar(messages, host.stderr);
  try {
    for (let next = await first; !next.done; next = await pictures.next()) {
      const { input, loaded } = next.value;
      if (loaded instanceof Error) {
        bar.clear();
        host.stderr.write(errorText(loaded, typed.debug ?? false));
        count.failed++;
        continue;
      }
      host.signal.throwIfAborted();
      const outcome = await explainPicture(task, session, input, loaded, {
        versions: host.versions,
        signal: host.signal,
        onProgress: (progress) => bar.show(progress, input.shown),
      });
      bar.clear();
      messages.release();
      count[outcome.skipped ? "skipped" : "explained"]++;
      report(outcome, task.settings, input.shown, host.cwd, messages);
      if (typed.remember && !remembered) {
        const file = remember(task.model.values, typed, session.model, task.weights, host.cwd);
        messages.fact("Kept", `settings of this run in ${file}, for later ones`);
        remembered = true;
      }
      if (typed.json) host.stdout.write(`${JSON.stringify(outcome.manifest)}\n`);
    }
    if (typed.profile) messages.now(profileTable(await session.model.profile(), session.adapter.name));
  } catch (error) {
    bar.clear();
    const ours = asGradlensError(error);
    if (ours.code !== "aborted") throw ours;
    const complete = count.explained + count.skipped;
    host.stderr.write(`gradlens: interrupted; ${complete} of ${task.inputs.length} pictures are complete\n`);
    return exitCode(ours);
  } finally {
    await session.close();
  }
  if (!only) {
    const failed = count.failed > 0 ? `, ${count.failed} not readable` : "";
    messages.now(
      `Of ${task.inputs.length} pictures ${count.explained} explained, ${count.skipped} complete already${failed}`,
    );
  }
  return count.failed > 0 ? 2 : 0;
}

/** Options that are understood for the sake of other programs' users, and have no meaning here. */
function uselessOptions(typed: Values): string[] {
  const device = typed.device !== undefined && `--device ${typed.device}`;
  return [typed["use-cuda"] && "--use-cuda", device]
    .filter((option) => typeof option === "string")
    .map(
      (option) => `${option} has no meaning here: a GPU is used where there is one (--adapter picks another)`,
    );
}

function report(
  { manifest, targets, skipped, written }: Outcome,
  settings: CamSettings,
  shown: string,
  cwd: string,
  messages: Messages,
): void {
  const indent = " ".repeat(10);
  messages.note(messages.bold(oneLine(shown)));
  for (const line of wrap(scoreWords(manifest), indent, messages.columns)) messages.note(line);
  const dir = shownPath(manifest.dir, cwd);
  if (targets.length === 0) messages.fact("No maps", noTargetWords(settings));
  else if (skipped) messages.fact("Complete", `all is there already, in ${dir}`);
  else if (written.length <= NAMED_FILES)
    for (const file of written) messages.fact("Written", join(dir, file));
  else messages.fact("Written", `${written.length} files in ${dir}`);
  for (const { overlay, flat, peakNote, regions } of manifest.maps) {
    if (regions !== undefined && flat === undefined)
      messages.fact("Regions", `${overlay}: ${regionWords(regions)}`);
    if (flat !== undefined) messages.fact("Flat", `${overlay} shows nothing: ${flat}`);
    if (peakNote !== undefined) messages.fact("Note", `${overlay}: ${peakNote}`);
  }
  // The same for every label.
  for (const line of new Set(manifest.maps.flatMap(shareWords))) messages.fact("Channels", line);
}

function noTargetWords({ minProbability, targets }: CamSettings): string {
  if (minProbability === undefined) return "no label is a target";
  return `${targets === undefined ? "no label" : "no target"} has a score of ${minProbability} or more`;
}
