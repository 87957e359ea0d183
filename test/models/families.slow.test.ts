/** @file The largest networks in the f64 interpreter, against PyTorch. */

import { testGoldenCases, testModelCases } from "./interpreter-golden.js";

testGoldenCases("all");
testModelCases("all");
