/** @file Changed files in a folder of results, and the whole command run over them with a made-up model. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseManifest } from "../../src/results/manifest-text.js";
import { run, tree, writePicture, writeWeights } from "../cli/fake.js";
import { bytesMutator } from "./mutate-bytes.js";
import { mutateJsonText } from "./mutate-json.js";
import { oneOf, type Random } from "./random.js";
import { check, type FuzzFile, type MakeFile, type Outcome, type Reader } from "./reader.js";

const CAM = ["cam", "--weights", "w.safetensors", "--image", "x.png", "--target", "cat,dog", "--heat"];
const FIRST = [...CAM, "--threshold", "0.5", "--boxes", "coco", "--guided"];
const AGAIN = [FIRST, [...FIRST, "--method", "layercam"], CAM, [...CAM, "--force"], [...FIRST, "--json"]];
const FOLDER = "out/x/w";
const MANIFEST = `${FOLDER}/manifest.json`;
const CHANGED = [MANIFEST, MANIFEST, MANIFEST, "out/scores.csv", "out/boxes-w.coco.json"] as const;
/** Nothing that a file says may change these. */
const OTHERS = ["mine.png", "out/mine.png", `${FOLDER}/mine.png`];

const mutateBytes = bytesMutator([...'0129"[]{}:,/.=-\n\r\0\x1b'].map((c) => c.charCodeAt(0)));

interface Folders {
  /** With results. */
  readonly whole: string;
  /** A case's copy. */
  readonly work: string;
}

async function makeFolders(): Promise<Folders> {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-fuzz-results-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const whole = join(folder, "whole");
  cpSync("test/data/pictures/rgb.png", join(whole, "mine.png"));
  await writeWeights(join(whole, "w.safetensors"));
  await writePicture(join(whole, "x.png"));
  const { code, stderr } = await run(whole, FIRST);
  check(code === 0, stderr);
  for (const other of OTHERS.slice(1)) cpSync(join(whole, "mine.png"), join(whole, other));
  return { whole, work: join(folder, "work") };
}

let made: Promise<Folders> | undefined;
const folders = (): Promise<Folders> => (made ??= makeFolders());

/** A file of the folder, the same in every process. */
function textIn(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8")
    .replaceAll(folder, "/whole")
    .replace(/"timings": \{[^}]*\}/, '"timings": {}');
}

async function prepare(): Promise<MakeFile> {
  const { whole } = await folders();
  const texts = CHANGED.map((name) => ({ name, text: textIn(whole, name) }));
  return (random) => {
    const { name, text } = oneOf(texts, random);
    const changed = random(4) > 0 ? mutateJsonText(text, random) : undefined;
    const other = Buffer.from(oneOf(texts, random).text);
    return { name, bytes: Buffer.from(changed ?? mutateBytes(Buffer.from(text), random, other)) };
  };
}

async function read({ name, bytes }: FuzzFile, random: Random): Promise<Outcome> {
  const { whole, work } = await folders();
  rmSync(work, { recursive: true, force: true });
  cpSync(whole, work, { recursive: true });
  writeFileSync(join(work, name), bytes);
  const { code, stdout, stderr } = await run(work, oneOf(AGAIN, random));
  const said = stderr + stdout;
  check(code === 0 || code === 1 || code === 2, `exit code ${code}: ${stderr}`);
  check(!/bug in gradlens|undefined|\[object|NaN/.test(said), `the command says: ${said}`);
  check(
    !/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/.test(said),
    `control characters: ${JSON.stringify(said)}`,
  );
  for (const other of OTHERS)
    check(sameBytes(join(whole, "mine.png"), join(work, other)), `${other} was changed`);
  if (code !== 0) return "refused";
  const manifest = parseManifest(readFileSync(join(work, MANIFEST), "utf8"), MANIFEST);
  check(manifest !== undefined, "the manifest that it wrote is none");
  check(!tree(work).some((file) => file.includes(".gradlens-")), `left behind: ${tree(work).join(" ")}`);
  return "read";
}

function sameBytes(a: string, b: string): boolean {
  return readFileSync(a).equals(readFileSync(b));
}

export const RESULTS: Reader = { prepare, read, maxMs: 30_000 };
