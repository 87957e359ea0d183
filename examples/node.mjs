/**
 * The library in Node: what does the demo model see in a picture, and where?
 *
 *   node examples/node.mjs [PICTURE] [FOLDER]
 */
import { fileURLToPath } from "node:url";
import { loadModel, overlay } from "gradlens";
import { openDevice, openFile, readPicture, writePicture } from "gradlens/node";

const ours = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const [file = ours("pictures/cat-dog.png"), folder = "out/example"] = process.argv.slice(2);

const gpu = await openDevice();
const weights = await openFile(ours("weights/densenet121-scenes14.safetensors"));
// Weights are read when they are first needed, so the file stays open as long as the model is used.
const model = await loadModel(weights, { gpu });

const picture = await readPicture(file);
const { maps } = await model.explain(picture, { methods: ["gradcam"], targets: "above:0.5" });
for (const map of maps) {
  const { target, peak } = map;
  const [height, width] = map.shape;
  const path = `${folder}/${target.label}.png`;
  await writePicture(path, overlay(picture, map));
  const [x, y] = [peak[0] / width, peak[1] / height].map((share) => `${Math.round(100 * share)} %`);
  console.log(
    `${target.label} ${target.score.toFixed(3)}, most of all ${x} from the left, ${y} from the top: ${path}`,
  );
}

model.dispose();
gpu.dispose();
await weights.close();
