/** @file Reads the networks that a free name says, such as a training state's `arch`: "MyResNet-18", "ViT-B/16". */

/** A network as a name gives it. What the name leaves open is absent. */
export interface NetworkName {
  /** The part of the name that says so. */
  readonly core: string;
  readonly family: string;
  readonly fields: Readonly<Record<string, string>>;
  /** A word of the name that means another network: "wide", "cbam". */
  readonly changedBy?: string;
}

/**
 * Names of each family, after `normalised`, the first match counts. A name that other words may contain matches at the
 * beginning of a word. Groups are the fields of `NetworkName`; a group of another way to write a field has a digit.
 */
const FAMILIES: Readonly<Record<string, RegExp>> = {
  resnest: /resnest_?(?<depth>\d+)?(?:[de](?![a-z0-9]))?(?:_?fast)?(?:_?(?<variant>\d+s\d+x\d+d))?/g,
  se_resnet:
    /(?:(?<![a-z0-9])legacy_?)?(?<![a-z0-9])se_?(?<kind>res_?ne(?:x_?)?t|net)_?(?<depth>\d+)?(?<letter>[a-z](?![a-z0-9]))?(?:_?(?<groups>\d+)_?x_?(?<width>\d+)d?)?/g,
  // resnet50d, gluon_resnet50_v1d
  resnet_d:
    /(?<kind>res_?ne(?:x_?)?t)_?(?<depth>\d+)_?(?:v1)?(?<letter>[cdst])(?![a-z0-9])(?:_?(?<groups>\d+)_?x_?(?<width>\d+)d?)?/g,
  resnext: /resnext_?(?<depth>\d+)?(?:_?(?<groups>\d+)_?x_?(?<width>\d+)d?)?/g,
  wide_resnet: /(?:wide_?res_?net|(?<![a-z0-9])wrn)_?(?<depth>\d+)?(?:_(?<width>\d+))?/g,
  resnet: /res_?net_?(?<depth>\d+)?/g,
  regnet: /regnet(?!_?[vz])_?(?<kind>[xy])?(?:_?(?<size>\d+(?:_\d)?[mg]f|\d{3,4})(?:_tv)?(?![a-z0-9]))?/g,
  densenet: /densenet_?(?<depth>\d+)?|(?<![a-z0-9])dense_?(?<depth2>\d{3})/g,
  alexnet: /(?<![a-z0-9])alexnet/g,
  squeezenet: /(?<![a-z0-9])squeezenet_?(?:v?(?<whole>\d)_(?<part>\d)(?!\d))?/g,
  shufflenet:
    /(?<![a-z0-9])shufflenet(?:_?v(?<version>\d))?(?:_?x(?<whole>\d)(?:_(?<part>\d))?(?=_|$)|_(?<whole2>\d)_(?<part2>\d)x?(?=_|$))?/g,
  inception: /(?<![a-z0-9])inception(?:_?v?(?<version>3))?(?![a-z0-9]|_(?:resnet|next|v\d))/g,
  googlenet: /(?<![a-z0-9])(?:googl?e_?net|inception_?v1)(?![a-z0-9])/g,
  xception: /(?<![a-z0-9])xception(?![a-z0-9])/g,
  vgg: /(?<![a-z0-9])vgg_?(?:net_?)?(?<depth>\d+)?(?:_?(?<bn>bn))?/g,
  efficientnet:
    /(?<![a-z0-9])(?<tf>tf_)?efficientnet_?(?<version>v2)?_?(?<size>b\d+|lite_?\d|[sml](?=_|$))?/g,
  mobilenet:
    /(?<![a-z0-9])(?<tf>tf_)?mobilenet_?(?<version>v\d)?_?(?<size>large|small)?_?(?<minimal>minimal)?_?(?<width>\d{3}d?(?!\d))?/g,
  convnext:
    /(?<![a-z0-9])convnext_?(?<version>v\d)?_?(?<size>zepto|atto|femto|pico|nano|tiny|small|base|x*large|huge|[tsbl](?=_|$))?(?:_(?<kind>hnf|ols|rms|mlp)(?=_|$))?/g,
  dinov2:
    /(?:(?<![a-z0-9])vit_(?<size>small|base|large|giant|[sblg](?=_|\d))_?(?:patch_?)?14_(?:(?<registers>reg)\d?_)?)?dinov2(?:_?(?:with_?)?(?<registers2>reg)(?:isters|\d)?)?(?:_?(?:vit_?)?(?<size2>small|base|large|giant|[sblg](?=_|\d|$)))?(?:_?(?:patch_?)?14)?(?:_?(?:with_?)?(?<registers3>reg)(?:isters|\d)?)?(?:_lc)?(?![a-z0-9])/g,
  // microsoft/beit-base-patch16-224, beitv2_large_patch16_224_pt1k_ft21k
  beit: /(?<![a-z0-9])beit_?(?:v(?<version>2))?_?(?<size>base|large|[bl](?=_|\d))?(?:_?(?:patch_?|p)?(?<patch>\d\d))?(?![a-z0-9])/g,
  // vit_base_patch32_clip_quickgelu_224, openai/clip-vit-base-patch32, open_clip's ViT-B-32-quickgelu
  clip: /(?<![a-z0-9])(?:clip_vit_?(?<size>base|large|huge|giant|gigantic|bigg|[blhg](?=_|\d))_?(?:patch_?)?(?<patch>\d\d)|vit_?(?<size2>xsmall|medium|base|large|huge|giant|gigantic|bigg|[blhg](?=_|\d))_?(?:patch_?)?(?<patch2>\d\d)(?=_(?:clip|quickgelu)(?![a-z0-9])))(?:_clip)?(?:_(?<act>quickgelu))?(?![a-z0-9])/g,
  siglip:
    /(?<![a-z0-9])(?:siglip2?_(?:vit_?)?(?<size>base|large|so400m|[bl](?=_|\d))_?(?:patch_?)?(?<patch>\d\d)|vit_?(?<size2>base|large|so400m|[bl](?=_|\d))_?(?:patch_?)?(?<patch2>\d\d)_siglip2?)(?![a-z0-9])/g,
  mnasnet: /mnasnet_?(?:(?<whole>\d)_(?<part>\d+)|(?<percent>\d{3}))?(?!\d)/g,
  deit: /(?<![a-z0-9])deit_?(?<version>3(?!\d)|iii(?![a-z]))?_?(?<size>tiny|small|medium|base|large|huge|ti|[tsblh](?=_|\d|$))?(?:_?(?<distilled>distilled))?(?:_?(?:patch_?|p)?(?<patch>\d{1,2}))?(?![a-z0-9])/g,
  vit: /(?<![a-z0-9])vit_?(?<size>tiny|small|base|large|huge|giant|gigantic|bigg|medium|little|ti|[tsblhg](?=_|\d|$))?(?:_?(?:patch_?|p)?(?<patch>\d{1,2}))?(?![a-z0-9])/g,
  swin_v2:
    /(?<![a-z0-9])swin_?(?:transformer_?)?v2_?(?<size>tiny|small|base|large|[tsbl](?=_|$))?(?:_?patch_?4)?(?:_?window_?(?<window>\d+(?:to\d+)?))?(?![a-z0-9])/g,
  swin: /(?<![a-z0-9])swin_?(?:transformer_?)?(?<size>tiny|small|base|large|[tsbl](?=_|$))?(?![a-z0-9])/g,
  pvt: /(?<![a-z0-9])pvt_?v2_?(?<size>b\d)?(?:_?(?<linear>li)(?:near)?)?(?![a-z0-9])/g,
};

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

export function networksIn(words: string): NetworkName[] {
  const taken: [from: number, to: number][] = [];
  return Object.entries(FAMILIES).flatMap(([family, pattern]) =>
    [...words.matchAll(pattern)].flatMap((match) => {
      const [from, to] = [match.index, match.index + match[0].length];
      if (taken.some(([start, end]) => from < end && to > start)) return [];
      taken.push([from, to]);
      const changedBy = changeIn(words.slice(0, from), words.slice(to), family);
      const fields = fieldsOf(family, match.groups ?? {});
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
  groups: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [group, value] of Object.entries(groups)) {
    const name = group.replace(/\d$/, "");
    if (value !== undefined)
      fields[name] = name === "size" ? (SIZES[value] ?? value).replace(/^lite_/, "lite") : value;
  }
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
