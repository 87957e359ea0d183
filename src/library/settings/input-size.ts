/** @file The size of pictures, and how pictures are resized and cropped to it. */

import { badArgument } from "../../errors.js";
import { CROP_PCT } from "../../image/crop.js";
import { checkFitting, DEFAULT_RESIZE } from "../../image/fit-picture.js";
import type { Pair } from "../../graph/types.js";
import type { TrainedInput } from "../../models/arch.js";
import { STATE_SETTINGS } from "./state-settings.js";
import type { ResolvedSettings } from "./model-description.js";
import type { SettingFacts } from "./settings.js";
import { isSame, type SettingResolver } from "./setting-resolver.js";
import { say } from "../../language/say.js";

/** @throws GradlensError "bad-argument" where nothing says the size and the file's tables are for one of several */
export function resolveSize(
  resolver: SettingResolver,
  { usual, takes, fileSize }: SettingFacts,
  { usually, file }: { readonly usually: string; readonly file: string },
): Pair {
  const known = resolver.resolve("size", resolver.chosen("size"), STATE_SETTINGS.size, (size) =>
    takes?.(size) === false ? say`the network does not accept this size` : undefined,
  );
  if (known === undefined && fileSize?.open !== undefined) throw badArgument(`${file}: ${fileSize.open}`);
  return resolver.choose("size", known, fileSize?.size ?? usual.size, fileSize?.because ?? usually);
}

/** How pictures are resized and cropped: as the caller says, else the file, else as usual. */
export function resolveFitting(
  resolver: SettingResolver,
  usual: TrainedInput,
  size: Pair,
): Pick<ResolvedSettings, "resize" | "cropPct"> {
  const chosen = resolver.chosen("cropPct");
  const cropPct = resolver.resolve("crop-pct", chosen, STATE_SETTINGS.cropPct) ?? cropBySides(resolver, size);
  const resize = resolver.resolve("resize", resolver.chosen("resize"), STATE_SETTINGS.resize);
  const resolved = {
    resize: resize ?? usual.resize ?? DEFAULT_RESIZE,
    cropPct: cropPct === "off" ? undefined : cropPct,
  };
  checkFitting(resolved);
  return resolved;
}

/** The crop of torchvision's references: the shorter side is resized to one size, and the centre is cropped to another. */
function cropBySides(resolver: SettingResolver, size: Pair): number | undefined {
  const said = resolver.find(STATE_SETTINGS.resizedSide);
  const crop = resolver.find(STATE_SETTINGS.size);
  if (said === undefined || crop === undefined || !isSame(crop.value, size) || size[0] !== size[1])
    return undefined;
  const pct = shareOf(size[0], said.value);
  if (pct === undefined) return undefined;
  resolver.record({
    what: "crop-pct",
    value: pct,
    from: said.from,
    used: true,
    note: say`${said.value} before the crop`,
  });
  return pct;
}

/** The share of which crop.ts makes exactly `side` before the crop. */
function shareOf(crop: number, side: number): number | undefined {
  const share = Number((crop / side).toFixed(6));
  const [exact] = [share, crop / (side + 1e-3)].filter((one) => Math.floor(crop / one) === side);
  return exact !== undefined && exact >= CROP_PCT.min && exact <= CROP_PCT.max ? exact : undefined;
}
