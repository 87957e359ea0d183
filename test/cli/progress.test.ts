/** @file How long it will take and how far it is: announced, drawn on a terminal, told in lines elsewhere; Ctrl-C on the way. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../../src/results/manifest.js";
import { Messages } from "../../src/cli/terminal/messages.js";
import { durationWords, ProgressWatch } from "../../src/cli/terminal/progress.js";
import { run, tree, userFolder, writePicture } from "./fake.js";

describe("the progress bar", () => {
  const shown = async (isTTY: boolean, quiet: boolean, wait: number) => {
    let text = "";
    const out = {
      isTTY,
      columns: 80,
      write: (chunk: string) => (text += chunk),
      // What cli-progress asks of a terminal, beside write.
      cursorTo: () => true,
      moveCursor: () => true,
      clearLine: () => true,
    };
    const bar = new ProgressWatch(new Messages(out, {}, quiet));
    await import("cli-progress");
    await new Promise((resolve) => setTimeout(resolve, wait));
    bar.show({ done: 1, total: 4, what: "maps" }, "x.png");
    bar.clear();
    return text;
  };

  it("the progress bar is drawn on a terminal where something takes a while", async () => {
    expect(await shown(true, false, 450)).toContain("x.png");
  });

  it.each([
    ["without a terminal", false, false, 450],
    ["when all should be quiet", true, true, 450],
    ["for what is done at once", true, false, 0],
  ])("the progress bar is not drawn %s", async (_, isTTY, quiet, wait) => {
    expect(await shown(isTTY, quiet, wait)).toBe("");
  });
});

it.each([
  [1, "1 s"],
  [99_000, "99 s"],
  [100_001, "2 min"],
  [90 * 60_000, "90 min"],
  [125 * 60_000, "2 h 5 min"],
])("a duration of %d ms is printed as %s", (ms, words) => expect(durationWords(ms)).toBe(words));

describe("without a terminal", () => {
  /** A watch with a clock that is set by hand. */
  function watched(pictures = 1, quiet = false) {
    const lines: string[] = [];
    const out = { write: (text: string) => lines.push(text.trimEnd()) };
    const clock = { ms: 0 };
    const messages = new Messages(out, {}, quiet);
    return { lines, clock, watch: new ProgressWatch(messages, pictures, () => clock.ms), messages };
  }
  const WHAT = "scorecam: channels of norm5";

  it("a run without a terminal announces what takes over 5 s after its first batch and the lines held back", () => {
    const { lines, clock, watch, messages } = watched();
    messages.fact("Adapter", "A");
    clock.ms = 3000;
    watch.show({ done: 0, total: 1024, what: WHAT }, "x.png");
    expect(lines).toEqual([]);
    clock.ms = 3400;
    watch.show({ done: 8, total: 1024, what: WHAT }, "x.png");
    clock.ms = 3800;
    watch.show({ done: 16, total: 1024, what: WHAT }, "x.png");
    expect(lines).toEqual(["Adapter   A", `Work      ${WHAT}: 1024, about 52 s`]);
  });

  it("a run without a terminal names the option that makes a method of many forward passes faster", () => {
    const { lines, clock, watch } = watched();
    for (const [method, layer] of [
      ["scorecam", "a"],
      ["ablationcam", "b"],
    ] as const) {
      watch.begin();
      for (const done of [0, 8]) {
        watch.show({ done, total: 1024, what: `${method}: channels of ${layer}`, method }, "x.png");
        clock.ms += 1000;
      }
    }
    expect(lines).toEqual([
      "Work      scorecam: channels of a: 1024, about 3 min (--top-channels 64: about 8 s)",
      "Work      ablationcam: channels of b: 1024, about 3 min",
    ]);
  });

  it("a run without a terminal prints few lines for a folder of hours, though pictures report often", () => {
    const { lines, clock, watch } = watched(200);
    for (let i = 0; i < 200; i++) {
      watch.begin();
      for (let done = 0; done <= 100; done++) {
        watch.show({ done, total: 100, what: WHAT }, "x.png");
        clock.ms += 1000;
      }
      watch.end(true);
    }
    expect(clock.ms).toBeGreaterThan(5 * 3_600_000);
    expect(lines.length).toBeLessThan(45);
    expect(lines.at(-1)).toMatch(/^Work {6}\d+ of 200 pictures \(\d+ %\), 2 min each, about .* left/);
  });

  it("a run without a terminal prints the rate and the time left every ten seconds", () => {
    const { lines, clock, watch } = watched();
    for (let done = 0; done <= 1000; done += 10) {
      clock.ms = done * 50;
      watch.show({ done, total: 1000, what: WHAT }, "x.png");
    }
    const at = (done: number, left: string) => `Work      ${WHAT}: ${done} of 1000, 20/s, about ${left} left`;
    expect(lines).toEqual([
      `Work      ${WHAT}: 1000, about 50 s`,
      ...[at(210, "40 s"), at(410, "30 s"), at(610, "20 s"), at(810, "10 s")],
    ]);
  });

  it("a run without a terminal announces nothing that is quick, and nothing under --quiet", () => {
    const quick = watched();
    for (let done = 0; done <= 100; done += 10) {
      quick.clock.ms = done * 49;
      quick.watch.show({ done, total: 100, what: WHAT }, "x.png");
    }
    expect(quick.lines).toEqual([]);
    const { lines, clock, watch } = watched(1, true);
    for (let done = 0; done <= 1000; done += 10) {
      clock.ms = done * 50;
      watch.show({ done, total: 1000, what: WHAT }, "x.png");
    }
    expect(lines).toEqual([]);
  });

  it("a run of many pictures announces the rest after two and repeats it; complete pictures cost nothing", () => {
    const { lines, clock, watch } = watched(40);
    watch.end(false);
    clock.ms = 5000;
    watch.end(true);
    expect(lines).toEqual([]);
    for (let i = 2; i < 9; i++) {
      watch.begin();
      clock.ms += 2000;
      watch.end(true);
    }
    expect(lines).toEqual([
      "Work      37 more pictures, about 74 s",
      // The first line's clock began with the run.
      "Work      8 of 40 pictures (20 %), 2 s each, about 64 s left",
    ]);
  });

  it("a run without a terminal announces a picture's work with its place and name", () => {
    const { lines, clock, watch } = watched(3);
    watch.end(true);
    watch.begin();
    watch.show({ done: 0, total: 4, what: WHAT }, "y.png");
    clock.ms = 15_000;
    watch.show({ done: 1, total: 4, what: WHAT }, "y.png");
    clock.ms = 30_000;
    watch.show({ done: 2, total: 4, what: WHAT }, "y.png");
    expect(lines).toEqual([
      `Work      ${WHAT}: 4, about 60 s`,
      `Work      1 of 3 pictures (33 %); now y.png: ${WHAT}: 2 of 4, 15 s each, about 30 s left`,
    ]);
  });
});

describe("Ctrl-C in a long method", () => {
  it("Ctrl-C in a long method ends at once; complete maps stay, and the same command makes the rest", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "y.png"), 5);
    const argv = [
      "cam",
      "--weights",
      "weights.safetensors",
      "--image",
      "x.png",
      "y.png",
      "--method",
      "scorecam",
    ];
    const controller = new AbortController();
    let batches = 0;
    const ran = await run(folder, argv, {
      signal: controller.signal,
      onExplain: async (count, { onProgress, signal }) => {
        for (let done = 0; done < 1024 && count === 2; done += 8) {
          onProgress?.({ done, total: 1024, what: "scorecam: channels" });
          if (++batches === 5) controller.abort();
          await new Promise((resolve) => setTimeout(resolve, 1));
          signal!.throwIfAborted();
        }
      },
    });
    expect({ code: ran.code, open: ran.open, batches }).toEqual({ code: 130, open: 0, batches: 5 });
    expect(ran.stderr).toMatch(/\ngradlens: interrupted; 1 of 2 pictures are complete\n$/);
    expect(tree(join(folder, "out"))).toEqual([
      "scores.csv",
      "x/",
      "x/weights/",
      "x/weights/manifest.json",
      "x/weights/scorecam-dog.png",
    ]);
    const manifest = JSON.parse(
      readFileSync(join(folder, "out/x/weights/manifest.json"), "utf8"),
    ) as Manifest;
    expect(manifest.maps.every((map) => existsSync(join(folder, "out/x/weights", map.overlay)))).toBe(true);
    const again = await run(folder, argv);
    expect(again).toMatchObject({ code: 0 });
    expect(again.asked).toHaveLength(1);
  });
});
