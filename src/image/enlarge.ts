/** @file Enlarges a picture by a whole factor: each pixel becomes a square. */

import { samplesLike, type Picture } from "./picture.js";

/** `times` as wide and as high. Returns the picture itself for 1. */
export function enlarged(picture: Picture, times: number): Picture {
  if (times === 1) return picture;
  const { width, height, channels } = picture;
  const data = samplesLike(picture.data, picture.data.length * times * times);
  const stride = width * times * channels;
  for (let y = 0; y < height; y++) {
    const start = y * times * stride;
    for (let i = 0; i < stride; i++) {
      const x = Math.floor(i / (times * channels));
      data[start + i] = picture.data[(y * width + x) * channels + (i % channels)]!;
    }
    for (let copy = 1; copy < times; copy++) data.copyWithin(start + copy * stride, start, start + stride);
  }
  return { ...picture, data, width: width * times, height: height * times };
}
