/** @file The shipped models and pictures. */

/** A shipped model, and what of a shipped picture shows that maps differ by label. Paths are the package's. */
export interface Demo {
  readonly arch: string;
  readonly weights: string;
  readonly picture: string;
  readonly targets: readonly string[];
}

/** By the names of `--demo`. */
export const DEMOS = {
  photo: {
    arch: "efficientnet_lite0",
    weights: "weights/efficientnet_lite0-imagenet.safetensors",
    picture: "pictures/cat-coffee.png",
    targets: ["tiger cat", "espresso"],
  },
  densenet: {
    arch: "densenet121",
    weights: "weights/densenet121-scenes14.safetensors",
    picture: "pictures/cat-dog.png",
    targets: ["top3"],
  },
} as const satisfies Readonly<Record<string, Demo>>;

export const DEMO_NAMES = Object.keys(DEMOS) as readonly (keyof typeof DEMOS)[];

export const DEFAULT_DEMO = "photo";
