/** @file The other relatives of ViT; see vit-families.test.ts. */

import { QUICK, testVitFamilies } from "./vit-family-cases.js";

testVitFamilies((name) => !QUICK.has(name));
