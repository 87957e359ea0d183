/**
 * @file Colormaps as tables of 256 RGB entries, equal to OpenCV's (cv2.applyColorMap) byte for byte; bwr (blue, white, red)
 * is for signed maps.
 * viridis and inferno: by N. Smith and S. van der Walt for matplotlib, CC0. turbo: by A. Mikhailov (Google), Apache-2.0.
 */

export const COLORMAPS = ["jet", "viridis", "turbo", "inferno", "gray", "bwr"] as const;
export type ColormapName = (typeof COLORMAPS)[number];

/** The 256 entries of a colormap, RGB interleaved. */
export function colormapTable(name: ColormapName): Uint8Array {
  if (name === "jet") return jet();
  if (name === "gray") return Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
  if (name === "bwr") return blueWhiteRed();
  return stepped(...STEPS[name]);
}

/** Entries that follow each other by small steps. */
function stepped(first: readonly number[], ...steps: readonly string[]): Uint8Array {
  const table = new Uint8Array(768);
  table.set(first);
  const none = "e".charCodeAt(0);
  for (let i = 3; i < 768; i++)
    table[i] = table[i - 3]! + steps[i % 3]!.charCodeAt(Math.floor(i / 3) - 1) - none;
  return table;
}

/** Piecewise linear, 4 a step. One entry breaks the line (blue at 159, which would be 2): OpenCV's rounding. */
function jet(): Uint8Array {
  const table = new Uint8Array(768);
  const byte = (value: number): number => Math.min(Math.max(value, 0), 255);
  for (let i = 0; i < 256; i++) {
    table[3 * i] = byte(Math.min(4 * i - 382, 1148 - 4 * i));
    table[3 * i + 1] = byte(Math.min(4 * i - 128, 892 - 4 * i));
    table[3 * i + 2] = i === 159 ? 1 : byte(Math.min(4 * i + 128, 638 - 4 * i));
  }
  return table;
}

/** Blue to white to red, linear; entries 127 and 128 are white. */
function blueWhiteRed(): Uint8Array {
  const table = new Uint8Array(768).fill(255);
  for (let i = 0; i < 128; i++) {
    const faded = Math.round((255 * i) / 127);
    table.fill(faded, 3 * i, 3 * i + 2);
    table.fill(faded, 3 * (255 - i) + 1, 3 * (255 - i) + 3);
  }
  return table;
}

/** The first entry, then for each channel the steps to the next ones: "e" is 0, "f" 1, "d" -1. */
const STEPS: Record<
  Exclude<ColormapName, "jet" | "gray" | "bwr">,
  readonly [number[], string, string, string]
> = {
  viridis: [
    [68, 1, 84],
    "efefeeefeeeefeeeeeeeeeeeeeeeedeeeedeeedeedeededeededededeedededededededededededededeedededeedede" +
      "ededeedeededeedeedeededeedeedeeedeedeeeeeedeefeeeeefefefefffefffffgfffgfgfgfgfggfggggggggggggggg" +
      "ghggghgghgghghghghghghghhghghhghhghhghhghhghhghhghghhghghghgghg",
    "fgfgfgfgfgfgfgffgfffgffgfffgffgffffgfffgffffgfffffgffffffgffffffffffgfffffffffffffffffffffffffef" +
      "ffffffffffffffffeffffffffffffffffefffffffffffffffeffffffffffffefffffffffeffffffefffffeffffefffef" +
      "ffeffefffefeffeffefefefefefefefefefeefeefefeefeefeefeefeeefeefe",
    "gfgfgffgfgffgfffgfffffgfffffffeffffefffeffefefefefefeefeefeeefeeefeeeeefeeeeeeeefeeeeeeeeeeeeeee" +
      "eeeeeeeeeeeeeeeeeeeeeeeedeeeeeedeeeedeeedeedeedeedededeeddedededdedddedddeddddddddddddddddddcddd" +
      "cddcddcddcdcdcdccdcdccdccdccdcccdcccdcdccddcddddedeefefffffgfgg",
  ],
  turbo: [
    [48, 18, 59],
    "gfffffffffffffeffefeffeefeefeeeefeeeeedeeeededddddcdcdcdccccdcccdccdcddcddeddeeeeefefgfgfghghghh" +
      "hhihihiiihiiiiiiiiiihiihihihhhghhghhghhghghghghghgghggggggggggfgfgfgfffffffefefefeeeeeeeeededede" +
      "ddeddddddddddcdddcdcdcdccdccccccccccbccbcbcbcbbbcbbbbbbbabbbaba",
    "hhhhhhhhhghhhhhghhhghhhghhghhghghhghghghghghghghghghghghhgghghghgghggggghggfggggfggffgfgfffgffff" +
      "ffffffeffeffefefeeefeeeeeedeededededdddddddcddcdcdccdccdcccccccccccccccbccccbcbcbcbbbbcbbbbbbbbb" +
      "bbbbbbbbbbbcbbcbcbccccccccccccccccdccdccdcdcdcddcddcdddcddddddd",
    "mllllllkklkjkkjkjjjijjiiiiihihhhhhghggggggffffefeededdddcdcdcccbccbcbcbcbbcbbcbbcbccbccbbcbbbbbb" +
      "abbabbabbababbbabbbbbcbbccbccdcdcddddededeeeeeeeefeefefeefefeefeeeeeeeedeedddedddddddcddddcddcdd" +
      "cdddcdddcdddddddddeddeddedededeedeedeedeeeedeeeeeeeeeeeeefeeeef",
  ],
  inferno: [
    [0, 0, 4],
    "feefeeffeffffffffffgffgffgfgfgfggfggfggggfgggfggfgggfggfgfggfgfggfgfggfgfggfgfggfgfgfggfgfggfgfg" +
      "gfgfgfggfgfggfgfgfgfggfgfgfgfgfgfgffgfgffgffgffgfffgffffgffffffffffffffeffffeffeffeffefefefeefee" +
      "feefeeeefeeeeeeeeeeedeeeedeeedeedededededeededeedeeefefefffgffg",
    "efeefeefefefeffefefefefeefeeeeeeeeedeeedeeedeeeeefeeefefefefefefeffefeffefeffefefeffefefeffefefe" +
      "feffefefeffefeffeffeffeffefffefffffeffffffffffffffgffffgfffgffgfgffgfgfgfgfggfggfggfggfgggfgggfg" +
      "ggggfgggggggfggggggggggggggggfgggggggggggggggfgggfggfgffgfffffg",
    "ffggggggghgggghgghgghgghghghgghgghggggggfgfgfffffffeffefefeefeefeeeeeeeeeeeeeeeeeeedeeeedeedeede" +
      "deededededdededddeddeddddedddddddddddddddddddddddddcdddddcdddddcddddcdddcdddcddcddcddcdddcddcddd" +
      "ddedeeefefffgfggfgggghggghgghghhghhhhhhhhihihiiiiiiiijiiiiiihih",
  ],
};
