/** @file A minute of mutated checkpoints: each is read or refused with an error of ours. */

import { expect, it } from "vitest";
import { fuzzFile, readLikeAUser, seeds } from "./fuzz-cases.js";

const SEED = 7;
const MILLISECONDS = 60_000;

it("reads or refuses every mutated file", { timeout: 3 * MILLISECONDS }, async () => {
  const data = new URL("../data/", import.meta.url);
  const all = seeds(data);
  const outcomes = { read: 0, refused: 0 };
  const end = performance.now() + MILLISECONDS;
  for (let number = 0; performance.now() < end; number++) {
    const file = fuzzFile(all, SEED, number);
    const outcome = await readLikeAUser(file, data).catch((error: unknown) => {
      throw new Error(`case ${number} of seed ${SEED}, from ${file.name}`, { cause: error });
    });
    outcomes[outcome]++;
  }
  // Both happen, or the mutations are too weak or too strong to test anything.
  expect(outcomes.read).toBeGreaterThan(100);
  expect(outcomes.refused).toBeGreaterThan(100);
});
