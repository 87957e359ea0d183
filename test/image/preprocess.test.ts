import { describe, expect, it } from "vitest";
import { preprocess } from "../../src/image/preprocess.js";
import { toGrey, type Picture } from "../../src/image/picture.js";
import { compare, goldenCases, goldenPicture } from "./golden.js";

const picture = goldenPicture();
const RGB = {
  size: { width: 50, height: 40 },
  channels: 3,
  mean: [0.4, 0.5, 0.6],
  std: [0.2, 0.3, 0.4],
} as const;

describe("preprocess", () => {
  it.each(goldenCases())("the input $name equals PyTorch's bit for bit", (golden) => {
    const { width, height, mean, std } = golden;
    const { data } = preprocess(picture, { size: { width, height }, channels: 3, mean, std });
    const expected = golden.floats("input")!;
    expect(data.length).toBe(expected.length);
    const pixels = width * height;
    const planes = data.map((_, i) => data[(i % pixels) * 3 + Math.floor(i / pixels)]!);
    expect(compare(planes, expected).max).toBe(0);
  });

  it("bgr swaps the colours but not mean and std", () => {
    const swapped: Picture = {
      ...picture,
      data: picture.data.map((_, i) => picture.data[i - (i % 3) + 2 - (i % 3)]!),
    };
    const ours = preprocess(picture, { ...RGB, bgr: true });
    expect(ours.data).toEqual(preprocess(swapped, RGB).data);
    expect(ours.data).not.toEqual(preprocess(picture, RGB).data);
    expect(ours.picture).toEqual(preprocess(picture, RGB).picture);
  });

  it("preprocess makes a grey model's input of one channel, and a grey picture three equal ones", () => {
    const grey = { size: RGB.size, channels: 1, mean: [0.25], std: [0.5] } as const;
    const fromRgb = preprocess(picture, grey);
    expect(fromRgb.data).toEqual(preprocess(toGrey(picture), grey).data);
    expect(fromRgb.data.length).toBe(50 * 40);
    expect(fromRgb.data[7]).toBeCloseTo((fromRgb.picture.data[7]! / 255 - 0.25) / 0.5, 6);
    const { data } = preprocess(toGrey(picture), { ...RGB, mean: [0, 0, 0], std: [1, 1, 1] });
    expect(data.every((v, i) => v === data[i - (i % 3)])).toBe(true);
  });

  it("preprocess keeps float samples of 0..1 as they are", () => {
    const floats: Picture = { ...picture, data: Float32Array.from(picture.data, (v) => v / 255) };
    const size = { width: picture.width, height: picture.height };
    expect(preprocess(floats, { ...RGB, size }).data).toEqual(preprocess(picture, { ...RGB, size }).data);
  });

  it.each([
    [{ ...RGB, mean: [0.5] }, "mean has 1 values, but the model's input has 3 channels"],
    [{ ...RGB, std: [1, 0, 1] }, "std holds 0: give finite numbers above 0"],
    [{ ...RGB, mean: [1, NaN, 1] }, "mean holds NaN"],
  ])("preprocess refuses unusable options", (how, message) => {
    expect(() => preprocess(picture, how)).toThrow(message);
  });

  it("preprocess refuses a picture that contradicts itself", () => {
    expect(() => preprocess({ ...picture, width: 161 }, RGB)).toThrow(/needs 57960 samples, not 57600/);
    expect(() => preprocess({ ...picture, width: 0 }, RGB)).toThrow(/a picture of 0x120/);
    expect(() => preprocess({ ...picture, channels: 4 as 3 }, RGB)).toThrow(/4 channels: give 3/);
    const words = new Uint16Array(picture.data.length) as unknown as Uint8Array;
    expect(() => preprocess({ ...picture, data: words }, RGB)).toThrow(/Uint8Array/);
  });
});
