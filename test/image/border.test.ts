import { describe, expect, it } from "vitest";
import { edgeAt, uniformBorder } from "../../src/image/border.js";
import type { Picture } from "../../src/image/picture.js";

/** A noisy picture with bars of some widths around it, whose samples stray by `stray`. */
function framed(
  [left, top, right, bottom]: readonly [number, number, number, number],
  {
    width = 60,
    height = 50,
    stray = 0,
    channels = 3,
  }: { width?: number; height?: number; stray?: number; channels?: 1 | 3 } = {},
): Picture {
  const inside = (x: number, y: number): boolean =>
    x >= left && x < width - right && y >= top && y < height - bottom;
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const p = Math.floor(i / channels);
    return inside(p % width, Math.floor(p / width)) ? (i * 7919) & 255 : 20 + (i % (stray + 1));
  });
  return { data, width, height, channels };
}

describe("uniformBorder", () => {
  it.each([[[0, 0, 0, 0]], [[10, 0, 12, 0]], [[0, 6, 0, 9]], [[3, 4, 5, 6]], [[0, 0, 0, 40]]] as const)(
    "uniformBorder finds %j",
    (bars) => {
      const [left, top, right, bottom] = bars;
      for (const channels of [1, 3] as const) {
        expect(uniformBorder(framed(bars, { channels }))).toEqual({ left, top, right, bottom });
      }
    },
  );

  it("uniformBorder accepts bars that differ as a JPEG's do, and not more", () => {
    expect(uniformBorder(framed([5, 0, 5, 0], { stray: 8 })).left).toBe(5);
    expect(uniformBorder(framed([5, 0, 5, 0], { stray: 20 })).left).toBe(0);
  });

  it("uniformBorder finds the same border of float samples", () => {
    const picture = framed([4, 5, 6, 7], { stray: 6 });
    const floats = { ...picture, data: Float32Array.from(picture.data, (v) => v / 255) };
    expect(uniformBorder(floats)).toEqual(uniformBorder(picture));
  });

  it("uniformBorder finds none where a line is thin, or all is of one colour", () => {
    const none = { left: 0, top: 0, right: 0, bottom: 0 };
    expect(uniformBorder(framed([1, 1, 1, 1], { width: 200, height: 120 }))).toEqual(none);
    expect(uniformBorder(framed([60, 0, 0, 0]))).toEqual(none);
    expect(uniformBorder({ data: Uint8Array.of(1, 2, 3), width: 1, height: 1, channels: 3 })).toEqual(none);
  });

  it("uniformBorder reads no slow gradient as a bar", () => {
    const data = Uint8Array.from({ length: 100 * 100 }, (_, i) => Math.floor(i / 100) * 2);
    expect(uniformBorder({ data, width: 100, height: 100, channels: 1 })).toMatchObject({
      top: 5,
      bottom: 5,
    });
  });
});

it("edgeAt names the side that a pixel lies at", () => {
  const border = { left: 3, top: 4, right: 5, bottom: 6 };
  const size = { width: 40, height: 30 };
  const at = (x: number, y: number) => edgeAt([x, y], border, size);
  expect([at(2, 10), at(3, 10), at(34, 10), at(35, 10)]).toEqual(["left", undefined, undefined, "right"]);
  expect([at(20, 3), at(20, 4), at(20, 23), at(20, 24)]).toEqual(["top", undefined, undefined, "bottom"]);
});
