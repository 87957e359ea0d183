/** @file Counts the outcomes of one model's pictures. */

import { phrase, translated } from "../../language/say.js";

/** The ways in which one picture of several can fail, in words for the user. */
const FAILINGS = {
  unread: phrase`not readable`,
  unexplained: phrase`not explained`,
  unstored: phrase`not stored`,
  lost: phrase`lost with the GPU device`,
};

export type Failing = keyof typeof FAILINGS;

export class Tally {
  explained = 0;
  skipped = 0;
  /** Some results of the current picture are stored. */
  partly = false;
  /** Maps without heat, and their pictures. */
  readonly flat = { maps: 0, pictures: 0 };
  private readonly failed = new Map<Failing, number>();

  /** Pictures with all their results. */
  get complete(): number {
    return this.explained + this.skipped;
  }

  /** Pictures so far. */
  get seen(): number {
    return [...this.failed.values()].reduce((sum, count) => sum + count, this.complete);
  }

  fail(failing: Failing): void {
    this.failed.set(failing, (this.failed.get(failing) ?? 0) + 1);
  }

  /** As `, 2 not readable`. */
  failedWords(): string {
    return [...this.failed].map(([failing, count]) => `, ${count} ${translated(FAILINGS[failing])}`).join("");
  }
}
