/**
 * A figure for a paper: two labels of a picture by three methods, as PDF.
 *
 *   node examples/figure.mjs [FILE]
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { loadModel } from "gradlens";
import { drawGrid, openDevice, openFile, readPicture } from "gradlens/node";

const ours = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const [file = "figure.pdf"] = process.argv.slice(2);

const gpu = await openDevice();
const weights = await openFile(ours("weights/densenet121-scenes14.safetensors"));
const model = await loadModel(weights, { gpu });
const picture = await readPicture(ours("pictures/cat-dog.png"));
const methods = ["gradcam", "gradcam++", "layercam"];
const explanation = await model.explain(picture, { methods, targets: ["dog", "cat"] });

const { pages } = await drawGrid([{ picture, explanation, model, name: "cat-dog.png" }], {
  rows: "target",
  columns: "method",
  format: "pdf",
  cell: "3cm",
  title: null,
  properNames: true,
  headings: { picture: "Input" },
});
await writeFile(file, pages[0]);
console.log(`${file}: ${explanation.maps.length} maps`);

model.dispose();
gpu.dispose();
await weights.close();
