/** @file Small networks in the f64 interpreter, against PyTorch; `npm run test:quick` runs this file. */

import { testGoldenCases } from "./interpreter-golden.js";

testGoldenCases([
  ["densenet121", "square"],
  ["densenet121-half-rect", "a picture that is not square"],
  ["densenet121-chexnet-2layers", "CheXNet's wrapper, two layers", "densenet121."],
  ["convnextv2_atto", "the original's keys, a picture that is not square"],
  ["mnasnet1_0", "torchvision's"],
  ["mobilenet_v2", "torchvision's"],
  ["pvt_v2_b0", "the original's keys"],
  ["resnet18", "basic blocks"],
  ["vit_tiny_patch16_224", "96 pixels"],
]);
