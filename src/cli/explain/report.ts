/** @file Reports a picture: of several in one line, else with scores, files as they are written, regions and notes. */

import { join } from "node:path";
import { shortened } from "../../errors.js";
import { viewWords } from "../../results/picture-view.js";
import type { CamSettings } from "../options/cam-settings.js";
import type { Manifest, MapRecord } from "../../results/manifest.js";
import { scoreText } from "../../figure/layout/score-text.js";
import { regionWords, scoreWords, shareWords, truthWords } from "../results/words.js";
import { shownPath } from "../terminal/file-errors.js";
import { wrap, type Messages } from "../terminal/messages.js";
import { oneLine } from "../text/safe-text.js";
import type { Outcome } from "./explain-picture.js";
import { say } from "../../language/say.js";
import { filledTo } from "../../language/width.js";

/** More files than this are counted, not named. */
const NAMED_FILES = 12;
/** Of several pictures: more targets than this are counted, and longer labels cut. */
const NAMED_TARGETS = 3;
const LABEL_LENGTH = 40;
const INDENT = " ".repeat(10);

export interface Reported {
  readonly settings: CamSettings;
  /** The picture's name. */
  readonly shown: string;
  /** Where paths begin. */
  readonly cwd: string;
  /** The picture's number and their count. */
  readonly place: readonly [number: number, count: number];
}

/** Reports one picture: with a line each file and fact of a single picture or with --verbose, else in one line. */
export class PictureReport {
  private hasBegun = false;

  constructor(
    private readonly of: Reported,
    private readonly messages: Messages,
  ) {}

  private get isDetailed(): boolean {
    return this.of.place[1] === 1 || this.messages.verbose;
  }

  /** Some of its files are in its folder. */
  stored(manifest: Manifest, names: readonly string[]): void {
    if (!this.isDetailed) return;
    this.begin(manifest);
    const folder = shownPath(manifest.dir, this.of.cwd);
    if (names.length <= NAMED_FILES)
      for (const name of names) this.messages.fact(say`Written`, join(folder, name));
    else this.messages.fact(say`Written`, say`${names.length} files in ${folder}`);
  }

  end(outcome: Outcome): void {
    if (this.isDetailed) this.details(outcome);
    else this.messages.note(this.line(outcome));
  }

  private begin(manifest: Manifest): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    const { messages } = this;
    messages.note(messages.bold(oneLine(this.of.shown)));
    for (const words of viewWords(manifest.picture)) messages.fact(...words);
    // A comma follows.
    const scores = scoreWords(manifest, messages.columns - INDENT.length - 1);
    for (const line of wrap(scores, INDENT, messages.columns)) messages.note(line);
  }

  private details({ manifest, requested, targets, skipped }: Outcome): void {
    const { messages, of } = this;
    this.begin(manifest);
    if (targets.length === 0) messages.fact(say`No maps`, noTargetWords(of.settings));
    else if (skipped)
      messages.fact(say`Complete`, say`all is there already, in ${shownPath(manifest.dir, of.cwd)}`);
    for (const { overlay, flat, noHeat, peakNote, regions, truth } of requested) {
      if (regions !== undefined && (flat ?? noHeat) === undefined)
        messages.fact(say`Regions`, `${overlay}: ${regionWords(regions)}`);
      if (truth !== undefined) messages.fact(say`Truth`, `${overlay}: ${truthWords(truth)}`);
      if (flat !== undefined) messages.fact(say`Flat`, say`${overlay} shows nothing: ${flat}`);
      if (noHeat !== undefined) messages.fact(say`Negative`, say`${overlay} has nothing hot: ${noHeat}`);
      if (peakNote !== undefined) messages.fact(say`Note`, `${overlay}: ${peakNote}`);
    }
    // The same for every label.
    for (const line of new Set(requested.flatMap(shareWords))) messages.fact(say`Channels`, line);
  }

  /** `3/200     scans/x.png  dog 0.905, cat 0.182  out/x/densenet121 (1 flat)`. */
  private line(outcome: Outcome): string {
    const { shown, cwd, place } = this.of;
    const remarks = remarksOf(outcome);
    const where = shownPath(outcome.manifest.dir, cwd);
    const texts = [
      oneLine(shown),
      this.targetWords(outcome),
      oneLine(remarks.length > 0 ? `${where} (${remarks.join(", ")})` : where),
    ];
    return `${this.messages.bold(filledTo(place.join("/"), 9))} ${texts.join("  ")}`;
  }

  /** "dog 0.905, cat 0.182, and 12 more". */
  private targetWords({ targets }: Outcome): string {
    if (targets.length === 0) return say`no map: ${noTargetWords(this.of.settings)}`;
    const named = targets.slice(0, NAMED_TARGETS).map(({ index, label, score }) => {
      const name = shortened(oneLine(label ?? say`class ${index}`), LABEL_LENGTH);
      return `${name} ${scoreText(score)}`;
    });
    const more = targets.length - named.length;
    return [...named, ...(more > 0 ? [say`and ${more} more`] : [])].join(", ");
  }
}

/** "complete already", "1 of 2 hit", "2 flat", "1 window". */
function remarksOf({ requested, manifest, skipped }: Outcome): string[] {
  const count = (has: (record: MapRecord) => boolean): number => requested.filter(has).length;
  const found = requested.reduce((sum, { regions }) => sum + (regions?.found.length ?? 0), 0);
  const compared = count(({ truth }) => truth !== undefined);
  const counts: [number, string][] = [
    [found, found === 1 ? say`region` : say`regions`],
    [count(({ flat }) => flat !== undefined), say`flat`],
    [count(({ noHeat }) => noHeat !== undefined), say`all negative`],
    [count(({ peakNote }) => peakNote !== undefined), say`hottest in an empty border`],
  ];
  const views = viewWords(manifest.picture).map(([heading, text]) => `${heading.toLowerCase()} ${text}`);
  return [
    ...(skipped ? [say`complete already`] : []),
    ...(compared > 0 ? [say`${count(({ truth }) => truth?.hit === true)} of ${compared} hit`] : []),
    ...counts.flatMap(([number, words]) => (number === 0 ? [] : [`${number} ${words}`])),
    ...views,
  ];
}

function noTargetWords({ minProbability, targets }: CamSettings): string {
  if (minProbability === undefined) return say`no label is a target`;
  return say`${targets === undefined ? say`no label` : say`no target`} has a score of ${minProbability} or more`;
}
