/** @file Runs of the program that must end in one line, with nothing changed on the disk. */

import { expect } from "vitest";
import { run, tree, userFolder, type FakeOptions } from "./fake.js";

/** Runs in a folder with weights and a picture that `change` has changed, and sees that nothing else was. */
export async function refused(
  argv: readonly string[],
  expected: { code: number; line: RegExp },
  change: (folder: string) => void = () => undefined,
  options: FakeOptions = {},
): Promise<void> {
  const folder = await userFolder();
  change(folder);
  const before = tree(folder);
  const { code, stdout, stderr, open } = await run(folder, argv, options);
  expect(stderr).toMatch(expected.line);
  expect(stderr).toMatch(/^gradlens: [^\n]+\n$/);
  expect({ code, stdout, open }).toEqual({ code: expected.code, stdout: "", open: 0 });
  expect(tree(folder)).toEqual(before);
}
