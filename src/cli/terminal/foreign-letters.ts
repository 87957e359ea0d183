/** @file Letters of a run's grids and strips that no font of gradlens has: one note when all is drawn. */

import type { Messages } from "./messages.js";
import { say } from "../../language/say.js";

/** The most letters in the note. */
const NAMED = 8;

export class ForeignLetters {
  private readonly letters = new Set<string>();

  add(letters: Iterable<string>): void {
    for (const letter of letters) this.letters.add(letter);
  }

  report(messages: Messages): void {
    if (this.letters.size === 0) return;
    const shown = [...this.letters].slice(0, NAMED).join(" ") + (this.letters.size > NAMED ? " ..." : "");
    messages.release();
    messages.fact(
      say`Note`,
      say`no font of gradlens has ${shown}: drawn in a font of this machine, as boxes where none has them (install Noto fonts)`,
    );
  }
}
