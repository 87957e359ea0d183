/**
 * Methods side by side: the maps of one label by several methods, how alike they are, and where each is hottest.
 *
 *   node examples/compare-methods.mjs [PICTURE] [FOLDER]
 */
import { fileURLToPath } from "node:url";
import { loadModel, overlay } from "gradlens";
import { openDevice, openFile, readPicture, writePicture } from "gradlens/node";

const METHODS = ["gradcam", "gradcam++", "layercam", "hirescam", "eigencam", "randomcam"];

const ours = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const [file = ours("pictures/cat-dog.png"), folder = "out/compare"] = process.argv.slice(2);

const gpu = await openDevice();
const weights = await openFile(ours("weights/densenet121-scenes14.safetensors"));
const model = await loadModel(weights, { gpu });
const picture = await readPicture(file);

// One forward pass for all. randomcam shows what a map without knowledge looks like.
const { maps } = await model.explain(picture, { methods: METHODS, targets: "top1" });
const [first] = maps;
console.log(`${first.target.label} ${first.target.score.toFixed(3)}, compared with ${first.method}:`);
for (const map of maps) {
  const path = `${folder}/${map.method}.png`;
  await writePicture(path, overlay(picture, map));
  const [height, width] = map.shape;
  const [x, y] = [map.peak[0] / width, map.peak[1] / height].map((share) => `${Math.round(100 * share)} %`);
  const alike = map.flat === undefined ? correlation(first.data, map.data).toFixed(2) : "flat";
  console.log(`${map.method.padEnd(10)} correlation ${alike.padStart(5)}, peak at ${x}, ${y}: ${path}`);
}

model.dispose();
gpu.dispose();
await weights.close();

/** Pearson's, over all pixels. */
function correlation(a, b) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    both += (value - meanA) * (b[i] - meanB);
    ofA += (value - meanA) ** 2;
    ofB += (b[i] - meanB) ** 2;
  }
  return both / Math.sqrt(ofA * ofB);
}
