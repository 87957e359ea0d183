/** @file Opens the files that a user drops, pastes or chooses. */

import { isConfig } from "../../checkpoint/folder-names.js";
import { pictureKind, PICTURE_HEAD } from "../../picture-file/picture-kinds.js";
import { givenLabels, loadedFiles, loadWeights, reload } from "./model.js";
import { setValues } from "./options.js";
import { addPictures, showView } from "./pictures.js";
import * as store from "./store.js";
import { messageOf, runToEnd } from "./current-task.js";

type Role = "weights" | "picture" | "labels" | "settings" | "config";

/** The purpose of a file, by its content, or by its name where the content is ambiguous. */
async function roleOf(file: File): Promise<Role> {
  if (/\.gradlens\.json$/i.test(file.name)) return "settings";
  if (/\.index\.json$/i.test(file.name)) return "weights";
  if (isConfig(file.name)) return "config";
  if (/\.(txt|json|csv|names)$/i.test(file.name)) return "labels";
  const found = pictureKind(new Uint8Array(await file.slice(0, PICTURE_HEAD).arrayBuffer()));
  return "kind" in found || !found.mayBeWeights || file.type.startsWith("image/") ? "picture" : "weights";
}

/** Files dropped while others are opening wait for them. */
let opening: Promise<void> = Promise.resolve();

/** Opens weights, pictures, labels and settings together. If one fails, nothing changes. */
export function openFiles(files: readonly File[]): Promise<void> {
  return (opening = opening.then(() => open(files)));
}

async function open(files: readonly File[]): Promise<void> {
  if (store.adapter.value === undefined) return;
  const now = () => ({ values: store.values.value, labels: givenLabels.value });
  let before = now();
  const openAll = async (): Promise<void> => {
    const roles = await Promise.all(files.map(roleOf));
    const of = (role: Role): File[] => files.filter((_, i) => roles[i] === role);
    const pictures = of("picture");
    const configs = of("config");
    const [settings] = of("settings");
    const given = { weights: of("weights"), labels: of("labels") };
    const { weights, labels: named } =
      configs.length > 0
        ? (await import("./model-files.js")).withConfigs(configs, given, loadedFiles.value)
        : given;
    if (given.weights.length > 0) givenLabels.value = undefined;
    if (settings !== undefined || named.length > 0) {
      const { applyBeside } = await import("./companion-files.js");
      await applyBeside(settings, named);
    }
    if (weights.length > 0) await loadWeights(weights, false);
    else if (named.length > 0 || settings !== undefined) await reload();
    before = now();
    if (pictures.length > 0) await addPictures(pictures);
    else await showView();
  };
  await runToEnd(openAll, () => {
    setValues(before.values);
    givenLabels.value = before.labels;
  });
}

/** Opens dropped files, and folders of pictures or of a model. */
export function openDropped({ files, items }: DataTransfer): void {
  // The browser empties both lists after the event.
  const [all, entries] = [[...files], [...items].map((item) => item.webkitGetAsEntry())];
  if (!entries.some((entry) => entry?.isDirectory)) return void openFiles(all);
  import("./model-files.js")
    .then(({ filesIn }) => filesIn(entries))
    .then(openFiles, (error: unknown) => store.notify(messageOf(error)));
}
