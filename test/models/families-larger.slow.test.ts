/** @file Larger networks in the f64 interpreter, against PyTorch; `.ci/run` runs this file. */

import { testGoldenCases, testModelCases } from "./interpreter-golden.js";

testGoldenCases("ci");
testModelCases("ci");
