/** @file The page's state, as signals. Components read them, actions write them. */

import { computed, signal } from "@preact/signals";
import type { MethodName } from "../../cam/methods/table.js";
import type { Explanation } from "../../cam/request/types.js";
import type { OptionValues } from "../../options/table.js";
import type { AdapterFacts } from "../../runtime/gpu.js";
import type { ModelFacts } from "../../web/engine/model-facts.js";
import type { Availability, PictureFacts } from "../../web/engine/worker-engine.js";
import type { Language } from "../../language/languages.js";
import type { MadeMap } from "../results.js";
import { ENGLISH, type PageWords } from "../text/words.js";

/** A picture in the strip. */
export interface PictureItem {
  readonly key: number;
  readonly name: string;
  /** Null for the camera. */
  readonly file: File | null;
  readonly facts: PictureFacts;
  /** The options that its file was read with. */
  readonly read: Pick<OptionValues, "window" | "frame" | "maxPixels">;
}

/** The picture to compare with, for models without a classifier. */
export interface OtherPicture {
  readonly file: File;
  readonly facts: PictureFacts;
  /** The model's output for it. */
  readonly output: Float32Array;
}

/** The settings that a map depends on, at the time of its request. */
export interface Call {
  /** Its id in the worker. */
  readonly picture: number;
  readonly method: MethodName;
  /** Undefined: the model's default. */
  readonly layers: readonly string[] | undefined;
  readonly values: OptionValues;
  readonly other: OtherPicture | undefined;
  /** The language of the reason why a map is flat. */
  readonly language: Language;
}

/** A shown map, with its call and its prediction. */
export interface ShownMap extends MadeMap {
  readonly call: Call;
  readonly prediction: Pick<Explanation, "logits" | "scores" | "timings">;
}

export interface TaskProgress {
  readonly what: string;
  readonly done?: number;
  readonly total?: number;
  readonly canCancel?: true;
}

interface Notice {
  readonly id: number;
  readonly kind: "error" | "info";
  /** A message of the library, or a function of the page's words, which follows the language. */
  readonly text: string | ((words: PageWords) => string);
}

export type ViewMode = "overlay" | "split" | "grid" | "guided";

export const language = signal<Language>("en");
export const words = signal<PageWords>(ENGLISH);

export const noGpu = signal<string | undefined>(undefined);
export const adapter = signal<AdapterFacts | undefined>(undefined);
export const model = signal<ModelFacts | undefined>(undefined);
export const isDemo = signal(true);
export const pictures = signal<readonly PictureItem[]>([]);
export const current = signal<number | undefined>(undefined);
export const live = signal(false);
export const other = signal<OtherPicture | undefined>(undefined);

/** The options that the user has changed. */
export const values = signal<OptionValues>({});
/** The explained class; undefined: the class of the highest logit. */
export const target = signal<number | undefined>(undefined);
export const viewMode = signal<ViewMode>("overlay");
export const showPeak = signal(false);

export const shown = signal<ShownMap | undefined>(undefined);
export const scores = signal<Pick<Explanation, "logits" | "scores"> | undefined>(undefined);
export const availability = signal<Availability>({ refused: [], manyRuns: [] });
export const forwardRuns = signal(0);
export const task = signal<TaskProgress | undefined>(undefined);
export const notices = signal<readonly Notice[]>([]);

/** The rows and columns of a grid. */
export const gridMethods = signal<readonly MethodName[]>(["gradcam", "layercam", "eigencam", "randomcam"]);
export const gridLayers = signal<readonly string[]>([]);
export const gridLabelCount = signal(3);
export const grid = signal<readonly ShownMap[]>([]);

export const method = computed<MethodName>(
  () => (values.value.method?.[0] as MethodName | undefined) ?? "gradcam",
);
export const layers = computed(() => values.value.layer);
/** The full path of the layer that is explained by default. */
export const defaultLayer = computed(() => model.value?.layers.find((line) => line.default)?.path);
export const picture = computed(() => pictures.value.find(({ key }) => key === current.value));

/** The reason why the model lacks guided backprop; undefined if it is defined. */
export const guidedRefusal = computed(
  () => availability.value.refused.find((one) => one.method === "guided")?.reason,
);

/** The name of a class. Without a classifier: the name of the compared picture, or of the output. */
export const labelOf = (index: number): string =>
  model.value?.embedding !== undefined
    ? (other.value?.file.name ?? words.value.embedding)
    : model.value?.labels?.[index] || words.value.classNumber(index);

/** Classes from the highest logit to the lowest. */
export const ranking = computed<readonly number[]>(() => {
  const logits = scores.value?.logits;
  if (logits === undefined) return [];
  return [...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b);
});

let nextNotice = 1;

export const textOf = ({ text }: Notice): string => (typeof text === "string" ? text : text(words.value));

export function notify(text: Notice["text"], kind: Notice["kind"] = "error"): void {
  const shown = textOf({ id: 0, kind, text });
  const others = notices.value.filter((one) => textOf(one) !== shown);
  notices.value = [...others.slice(-2), { id: nextNotice++, kind, text }];
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((one) => one.id !== id);
}
