/** @file Commands that are killed at each change of the disk, and what must be there after the next run. */

import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { run, temporaryFolder, tree, writePicture, writeWeights } from "./fake.js";
import { changesOf, killed } from "./kill.js";

const CAM = ["cam", "--weights", "w.safetensors", "--image", "x.png", "--target", "top2"];

interface Case {
  /** Runs that came before. */
  readonly before?: readonly (readonly string[])[];
  /** The pictures of before and of the run that is killed. */
  readonly replaced?: boolean;
  readonly argv: readonly string[];
  /** The run after the one that is killed, where that is another. */
  readonly next?: readonly string[];
}

const CASES = {
  "new results": { argv: [...CAM, "--heat", "--npy"] },
  "other methods added": {
    before: [[...CAM, "--method", "eigencam"]],
    argv: [...CAM, "--method", "gradcam,layercam"],
  },
  "drawn otherwise": { before: [[...CAM, "--heat"]], argv: [...CAM, "--heat", "--colormap", "viridis"] },
  "drawn otherwise, then as before": {
    before: [[...CAM, "--heat"]],
    argv: [...CAM, "--heat", "--colormap", "viridis"],
    next: [...CAM, "--heat"],
  },
  "with other names": { before: [CAM], argv: [...CAM, "--name", "{label}.jpg"] },
  "--force": { before: [[...CAM, "--heat"]], argv: [...CAM, "--heat", "--force"] },
  "--force over results of another picture": {
    before: [[...CAM, "--target", "cat", "--method", "layercam"]],
    replaced: true,
    argv: [...CAM, "--force"],
  },
  "a grid and boxes": {
    argv: [...CAM, "--image", "y.png", "--grid", "--threshold", "0.5", "--boxes", "csv"],
  },
  "--remember": { argv: [...CAM, "--remember"] },
  convert: { argv: ["convert", "w.safetensors", "made.safetensors"] },
} satisfies Record<string, Case>;

export type CaseName = keyof typeof CASES;
export const CASE_NAMES = Object.keys(CASES) as CaseName[];

/** Every file's content by its path; what differs from run to run left out. */
function contents(folder: string): Record<string, string> {
  const files = tree(folder).filter((path) => !path.endsWith("/"));
  return Object.fromEntries(
    files.map((path) => {
      const text = readFileSync(join(folder, path), "latin1");
      return [path, path.endsWith("manifest.json") ? text.replace(/"timings": \{[^}]*\}/, "") : text];
    }),
  );
}

/** Kills a command at each change that it makes, and looks at what the same command makes of what is left. */
export async function killEverywhere(name: CaseName): Promise<void> {
  const { before = [], replaced = false, argv, next = argv }: Case = CASES[name];
  const top = temporaryFolder();
  const [prepared, folder] = [join(top, "prepared"), join(top, "user")];
  const restore = (): void => {
    rmSync(folder, { recursive: true, force: true });
    cpSync(prepared, folder, { recursive: true });
  };
  cpSync(temporaryFolder(), folder, { recursive: true });
  await writeWeights(join(folder, "w.safetensors"));
  await writePicture(join(folder, "x.png"));
  await writePicture(join(folder, "y.png"), 1);
  for (const earlier of before) expect(await run(folder, earlier)).toMatchObject({ code: 0 });
  if (replaced) await writePicture(join(folder, "x.png"), 2);
  cpSync(folder, prepared, { recursive: true });

  const work = () => run(folder, argv);
  const changes = await changesOf(work);
  if (next !== argv) await run(folder, next);
  const expected = contents(folder);
  expect(changes.length).toBeGreaterThan(2);
  for (let at = 1; at <= changes.length; at++) {
    // A mark is too short to be written by half.
    const mayBeHalf = /^writeFile(?!.*lock)/.test(changes[at - 1]!);
    for (const half of mayBeHalf ? [false, true] : [false]) {
      restore();
      await killed(at, half, work);
      const { code, stderr } = await run(folder, next);
      const where = `killed ${half ? "within" : "before"} change ${at}, ${changes[at - 1]}`;
      expect({ where, code, stderr, files: contents(folder) }).toMatchObject({
        where,
        code: 0,
        files: expected,
      });
      expect(Object.keys(contents(folder)), where).toEqual(Object.keys(expected));
    }
  }
}
