/** @file Reads the networks that a free name says, such as a training state's `arch`: "MyResNet-18", "ViT-B/16". */

/** A network as a name gives it. What the name leaves open is absent. */
export interface Named {
  /** The part of the name that says so. */
  readonly core: string;
  readonly family: string;
  readonly fields: Readonly<Record<string, string>>;
  /** A word of the name that means another network: "wide", "cbam". */
  readonly changedBy?: string;
}

/** Names of each family, after `normalised`. A name that other words may contain matches at the beginning of a word. */
const FAMILIES: readonly (readonly [family: string, pattern: RegExp, fields: readonly string[]])[] = [
  ["resnest", /resnest_?(\d+)?(?:[de](?![a-z0-9]))?(?:_?fast)?(?:_?(\d+s\d+x\d+d))?/g, ["depth", "variant"]],
  [
    "se_resnet",
    /(?:(?<![a-z0-9])legacy_?)?(?<![a-z0-9])se_?(res_?ne(?:x_?)?t|net)_?(\d+)?([a-z](?![a-z0-9]))?(?:_?(\d+)_?x_?(\d+)d?)?/g,
    ["kind", "depth", "letter", "groups", "width"],
  ],
  [
    // resnet50d, gluon_resnet50_v1d
    "resnet_d",
    /(res_?ne(?:x_?)?t)_?(\d+)_?(?:v1)?([cdst])(?![a-z0-9])(?:_?(\d+)_?x_?(\d+)d?)?/g,
    ["kind", "depth", "letter", "groups", "width"],
  ],
  ["resnext", /resnext_?(\d+)?(?:_?(\d+)_?x_?(\d+)d?)?/g, ["depth", "groups", "width"]],
  ["wide_resnet", /(?:wide_?res_?net|(?<![a-z0-9])wrn)_?(\d+)?(?:_(\d+))?/g, ["depth", "width"]],
  ["resnet", /res_?net_?(\d+)?/g, ["depth"]],
  [
    "regnet",
    /regnet(?!_?[vz])_?([xy])?(?:_?(\d+(?:_\d)?[mg]f|\d{3,4})(?:_tv)?(?![a-z0-9]))?/g,
    ["kind", "size"],
  ],
  ["densenet", /densenet_?(\d+)?|(?<![a-z0-9])dense_?(\d{3})/g, ["depth", "depth"]],
  ["alexnet", /(?<![a-z0-9])alexnet/g, []],
  ["squeezenet", /(?<![a-z0-9])squeezenet_?(?:v?(\d)_(\d)(?!\d))?/g, ["whole", "part"]],
  [
    "shufflenet",
    /(?<![a-z0-9])shufflenet(?:_?v(\d))?(?:_?x(\d)(?:_(\d))?(?=_|$)|_(\d)_(\d)x?(?=_|$))?/g,
    ["version", "whole", "part", "whole", "part"],
  ],
  ["inception", /(?<![a-z0-9])inception(?:_?v?(3))?(?![a-z0-9]|_(?:resnet|next|v\d))/g, ["version"]],
  ["googlenet", /(?<![a-z0-9])(?:googl?e_?net|inception_?v1)(?![a-z0-9])/g, []],
  ["xception", /(?<![a-z0-9])xception(?![a-z0-9])/g, []],
  ["vgg", /(?<![a-z0-9])vgg_?(?:net_?)?(\d+)?(?:_?(bn))?/g, ["depth", "bn"]],
  [
    "efficientnet",
    /(?<![a-z0-9])(tf_)?efficientnet_?(v2)?_?(b\d+|lite_?\d|[sml](?=_|$))?/g,
    ["tf", "version", "size"],
  ],
  [
    "mobilenet",
    /(?<![a-z0-9])(tf_)?mobilenet_?(v\d)?_?(large|small)?_?(minimal)?_?(\d{3}d?(?!\d))?/g,
    ["tf", "version", "size", "minimal", "width"],
  ],
  [
    "convnext",
    /(?<![a-z0-9])convnext_?(v\d)?_?(zepto|atto|femto|pico|nano|tiny|small|base|x*large|huge|[tsbl](?=_|$))?(?:_(hnf|ols|rms|mlp)(?=_|$))?/g,
    ["version", "size", "kind"],
  ],
  [
    "dinov2",
    /(?:(?<![a-z0-9])vit_(small|base|large|giant|[sblg](?=_|\d))_?(?:patch_?)?14_(?:(reg)\d?_)?)?dinov2(?:_?(?:with_?)?(reg)(?:isters|\d)?)?(?:_?(?:vit_?)?(small|base|large|giant|[sblg](?=_|\d|$)))?(?:_?(?:patch_?)?14)?(?:_?(?:with_?)?(reg)(?:isters|\d)?)?(?:_lc)?(?![a-z0-9])/g,
    ["size", "registers", "registers", "size", "registers"],
  ],
  [
    // microsoft/beit-base-patch16-224, beitv2_large_patch16_224_pt1k_ft21k
    "beit",
    /(?<![a-z0-9])beit_?(?:v(2))?_?(base|large|[bl](?=_|\d))?(?:_?(?:patch_?|p)?(\d\d))?(?![a-z0-9])/g,
    ["version", "size", "patch"],
  ],
  [
    // vit_base_patch32_clip_quickgelu_224, openai/clip-vit-base-patch32, open_clip's ViT-B-32-quickgelu
    "clip",
    /(?<![a-z0-9])(?:clip_vit_?(base|large|huge|giant|gigantic|bigg|[blhg](?=_|\d))_?(?:patch_?)?(\d\d)|vit_?(xsmall|medium|base|large|huge|giant|gigantic|bigg|[blhg](?=_|\d))_?(?:patch_?)?(\d\d)(?=_(?:clip|quickgelu)(?![a-z0-9])))(?:_clip)?(?:_(quickgelu))?(?![a-z0-9])/g,
    ["size", "patch", "size", "patch", "act"],
  ],
  [
    "siglip",
    /(?<![a-z0-9])(?:siglip2?_(?:vit_?)?(base|large|so400m|[bl](?=_|\d))_?(?:patch_?)?(\d\d)|vit_?(base|large|so400m|[bl](?=_|\d))_?(?:patch_?)?(\d\d)_siglip2?)(?![a-z0-9])/g,
    ["size", "patch", "size", "patch"],
  ],
  ["mnasnet", /mnasnet_?(?:(\d)_(\d+)|(\d{3}))?(?!\d)/g, ["whole", "part", "percent"]],
  [
    "deit",
    /(?<![a-z0-9])deit_?(3(?!\d)|iii(?![a-z]))?_?(tiny|small|medium|base|large|huge|ti|[tsblh](?=_|\d|$))?(?:_?(distilled))?(?:_?(?:patch_?|p)?(\d{1,2}))?(?![a-z0-9])/g,
    ["version", "size", "distilled", "patch"],
  ],
  [
    "vit",
    /(?<![a-z0-9])vit_?(tiny|small|base|large|huge|giant|gigantic|bigg|medium|little|ti|[tsblhg](?=_|\d|$))?(?:_?(?:patch_?|p)?(\d{1,2}))?(?![a-z0-9])/g,
    ["size", "patch"],
  ],
  [
    "swin_v2",
    /(?<![a-z0-9])swin_?(?:transformer_?)?v2_?(tiny|small|base|large|[tsbl](?=_|$))?(?:_?patch_?4)?(?:_?window_?(\d+(?:to\d+)?))?(?![a-z0-9])/g,
    ["size", "window"],
  ],
  [
    "swin",
    /(?<![a-z0-9])swin_?(?:transformer_?)?(tiny|small|base|large|[tsbl](?=_|$))?(?![a-z0-9])/g,
    ["size"],
  ],
  ["pvt", /(?<![a-z0-9])pvt_?v2_?(b\d)?(?:_?(li)(?:near)?)?(?![a-z0-9])/g, ["size", "linear"]],
];

const SIZES: Readonly<Record<string, string>> = {
  ti: "tiny",
  t: "tiny",
  s: "small",
  b: "base",
  l: "large",
  h: "huge",
  g: "giant",
  bigg: "gigantic",
};

/** Networks whose tensors are not those of a supported one. */
export const OTHERS =
  /(?<![a-z0-9])(?:efficientformer|efficientvit|mobilevit|mobileone|convmixer|inception_?(?:resnet|next|v[24])|xception\d|nasnet|pnasnet|dpn\d|regnet_?[vz]|res2net|nfnet|ghostnet|hrnet|dla\d|darknet|cspdarknet|yolo|repvgg|rexnet|fbnet|lcnet|beit_?v?3|cait|coat|xcit|eva\d*|maxvit|davit|levit|crossvit|poolformer|mixer|mlp_?mixer|resmlp|gmlp|twins|t2t_vit|edgenext|fastvit|tinyvit|tiny_vit|hiera|focalnet|pvt_(?:tiny|small|medium|large)|lenet)/;

/** Words beside or attached to a network's name that mean another network. Most of them leave its keys unchanged. */
const CHANGES: ReadonlySet<string> = new Set(
  `se sk eca cbam bam simam coordatt attn att attention nonlocal nl blur blurpool antialias antialiased ibn preact wide
  aa maxpool nomaxpool nopool cifar cifar10 cifar100 s4 s8 s16 gem gn groupnorm ws bit gelu silu swish mish leaky leakyrelu prelu dilated atrous os8 os16 unet fpn
  deeplab deeplabv3 deeplabv3plus fcn pspnet lstm gru rnn hybrid 3d siamese v1c v1d v1e v1s octave ghost dcn deformable
  involution csp ecares skip clip siglip gap rel relpos srelpos rpn registers reg1 reg4 reg8 quickgelu rope cr s3 moe xp
  seres pruned mini rot dual xres ires tres botnet lambda halo`.split(/\s+/),
);

/** Letters attached to a name without a meaning: TVResNet, MyResNet, resnet50v1. */
const MEANINGLESS: ReadonlySet<string> = new Set(["my", "tv", "v1"]);

/** Longer names are sentences. */
const LONGEST = 100;
const FILE = /\.(?:pth|pt|pkl|ckpt|tar|bin|safetensors|py|ya?ml|json|onnx|h5)$/;

/** The name alone, in lower case, its words between underscores; undefined for the name of a file. */
export function normalised(name: string): string | undefined {
  const small = name.trim().toLowerCase();
  if (small.length > LONGEST || FILE.test(small)) return undefined;
  return small
    .replace(/\b([tsblhg])\/(\d)/, "$1_$2") // ViT-B/16
    .replace(/^openai\/(clip-vit-[a-z]+-patch\d+)/, "$1-quickgelu")
    .replace(/^.*[/:]/, "") // hf_hub:timm/, google/
    .replace(/^.*\bmodels\.(?:[a-z_]\w*\.(?=[a-z]))*/, "") // torchvision.models.resnet.
    .replace(/[^a-z0-9]+/g, "_");
}

export function networksIn(words: string): Named[] {
  const taken: [from: number, to: number][] = [];
  return FAMILIES.flatMap(([family, pattern, names]) =>
    [...words.matchAll(pattern)].flatMap((match) => {
      const [from, to] = [match.index, match.index + match[0].length];
      if (taken.some(([start, end]) => from < end && to > start)) return [];
      taken.push([from, to]);
      const changedBy = changeIn(words.slice(0, from), words.slice(to), family);
      const fields = fieldsOf(family, names, match.slice(1));
      return [{ core: match[0], family, fields, ...(changedBy !== undefined && { changedBy }) }];
    }),
  );
}

/** The values of further fields that a name implies if it gives only the family's first field. */
const IF_SAID: Readonly<
  Record<string, readonly [field: string, defaults: Readonly<Record<string, string>>]>
> = {
  efficientnet: ["size", { version: "v1" }],
  convnext: ["size", { version: "v1" }],
  beit: ["size", { version: "1" }],
  resnest: ["depth", { variant: "none" }],
  se_resnet: ["depth", { letter: "none" }],
};

function fieldsOf(
  family: string,
  names: readonly string[],
  values: readonly (string | undefined)[],
): Record<string, string> {
  const fields: Record<string, string> = {};
  names.forEach((name, i) => {
    const value = values[i];
    if (value !== undefined)
      fields[name] = name === "size" ? (SIZES[value] ?? value).replace(/^lite_/, "lite") : value;
  });
  if (fields["kind"] !== undefined) fields["kind"] = fields["kind"].replace("_", "");
  if (fields["version"] === "iii") return { ...fields, version: "3" };
  const [field, defaults] = IF_SAID[family] ?? [];
  if (field !== undefined && fields[field] !== undefined) return { ...defaults, ...fields };
  if (family === "regnet" && fields["size"] !== undefined)
    return { ...fields, size: hundredsOfMegaflops(fields["size"]) };
  if (family !== "mnasnet") return fields;
  // mnasnet0_5, mnasnet0.75, and timm's mnasnet_050
  const { whole, part, percent } = fields;
  const share = percent !== undefined ? Number(percent) / 100 : Number(`${whole}.${part}`);
  return Number.isNaN(share) ? {} : { share: String(share) };
}

/** timm's number of a RegNet that others name by its cost: 016 for "1_6gf". */
function hundredsOfMegaflops(size: string): string {
  const [, cost, unit] = /^(.+)([mg])f$/.exec(size) ?? [];
  if (cost === undefined) return size;
  const hundreds = Number(cost.replace("_", ".")) * (unit === "g" ? 10 : 0.01);
  return String(Math.round(hundreds)).padStart(3, "0");
}

/** The word before or after a network's name that means another network. */
function changeIn(before: string, after: string, family: string): string | undefined {
  const attached = [/[a-z0-9]+$/.exec(before)?.[0], /^[a-z0-9]+/.exec(after)?.[0]];
  for (const word of attached) {
    if (word === undefined || MEANINGLESS.has(word)) continue;
    // seresnet, tresnet, resnet18d, resnet50x1
    if (word.length <= 2 || (word.match(/[a-z]{2,}|\w+/g) ?? []).some((part) => CHANGES.has(part)))
      return word;
  }
  const apart = [...before.split("_").slice(0, -1), ...after.split("_").slice(1)];
  const letter = family === "resnet" ? /^_([cdst])(?=_|$)/.exec(after)?.[1] : undefined;
  return letter ?? apart.find((word) => CHANGES.has(word));
}
