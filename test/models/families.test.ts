/** @file Small networks in the f64 interpreter, against PyTorch; `npm run test:quick` runs this file. */

import { testGoldenCases } from "./interpreter-golden.js";

testGoldenCases("always");
