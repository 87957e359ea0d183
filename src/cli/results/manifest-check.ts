/** @file Whether what manifest.json holds is what later runs rely on: compare, show, and take for names of their own files. */

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number";
const isIndex: Check = (value) => Number.isInteger(value) && (value as number) >= 0;

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** An object with such entries, and any others. */
const objectOf =
  (entries: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(entries).every(([key, check]) => check((value as Record<string, unknown>)[key]));

const isObject = objectOf({});

const numbers =
  (count: number): Check =>
  (value) =>
    Array.isArray(value) && value.length === count && value.every(isNumber);

/** Whether gradlens gives files of results such a name: in the folder itself, a picture or an array. */
const isResultName: Check = (file) => typeof file === "string" && /^[^/\\\0]+\.(png|jpe?g|npy)$/i.test(file);

const isHashes: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).every(([name, hash]) => isResultName(name) && /^[0-9a-f]{64}$/.test(String(hash)));

const isWindow: Check = (value) =>
  objectOf({ function: isText, from: isText })(value) &&
  ((value as { function: string }).function === "LUT" ||
    objectOf({ center: isNumber, width: isNumber })(value));

const isPicture = objectOf({
  sha256: isText,
  width: isNumber,
  height: isNumber,
  pages: optional(isNumber),
  dicom: optional(objectOf({ frame: isNumber, frames: isNumber, window: optional(isWindow) })),
  sixteenBits: optional(
    objectOf({
      least: isNumber,
      greatest: isNumber,
      values: isNumber,
      levels: optional(isNumber),
      window: optional(isWindow),
    }),
  ),
});

const isTarget = objectOf({ index: isIndex, label: optional(isText), logit: isNumber, score: isNumber });

const isRegion = objectOf({
  box: numbers(4),
  area: isNumber,
  meanHeat: isNumber,
  maxHeat: isNumber,
  peak: numbers(2),
  segmentation: objectOf({ counts: listOf(isNumber) }),
});

const isRegions = objectOf({ level: isNumber, found: listOf(isRegion) });

const isChannels = listOf(objectOf({ scored: isNumber, of: isNumber, variance: isNumber }));

const isMap = objectOf({
  method: isText,
  layers: listOf(isText),
  target: isTarget,
  rendering: isObject,
  peak: numbers(2),
  channels: optional(isChannels),
  overlay: isResultName,
  heat: optional(isResultName),
  npy: optional(isResultName),
  mask: optional(isResultName),
  guided: optional(isResultName),
  gradient: optional(isResultName),
  strip: optional(isResultName),
  regions: optional(isRegions),
  flat: optional(isText),
  noHeat: optional(isText),
  peakNote: optional(isText),
});

const isWhole = objectOf({
  versions: objectOf({ gradlens: isText }),
  adapter: isObject,
  weights: objectOf({ file: isText, sha256: isText }),
  picture: isPicture,
  arch: isText,
  spelling: isText,
  layers: listOf(isText),
  preprocessing: isObject,
  assumed: listOf(isObject),
  differences: listOf(isObject),
  labels: orNull(listOf(isText)),
  activation: isText,
  logits: listOf(isNumber),
  scores: listOf(isNumber),
  dir: isText,
  timings: isObject,
  maps: listOf(isMap),
  guided: listOf(objectOf({ target: isTarget, picture: isResultName })),
  refused: optional(listOf(objectOf({ method: isText, layers: listOf(isText), reason: isText }))),
  files: optional(isHashes),
  writing: optional(isHashes),
});

/** Entries that nothing relies on may be anything. */
export function isManifestShaped(value: unknown): boolean {
  if (!isWhole(value)) return false;
  const { logits, scores } = value as Record<"logits" | "scores", readonly number[]>;
  return logits.length === scores.length;
}
