/** The library in a page: choose weights and a picture, see why. Nothing leaves the machine. Vite and the like build it as it is. */
import { drawOverlay, openEngine } from "gradlens/web";

const canvas = document.querySelector("canvas");
const said = document.querySelector("output");
const engine = await openEngine();
let model;

document.querySelector("input").addEventListener("change", async ({ currentTarget }) => {
  try {
    for (const file of currentTarget.files) {
      if (!/\.(png|jpe?g|webp|dcm)$/i.test(file.name)) {
        model = await engine.loadModel(file);
        continue;
      }
      const picture = await engine.readPicture(file);
      const { maps } = await engine.explain(picture, { methods: ["gradcam"] });
      drawOverlay(canvas, picture, maps[0], { cropPct: model.preprocessing.cropPct });
      const { label, index, score } = maps[0].target;
      said.textContent = `${label ?? index} ${score.toFixed(3)}`;
    }
  } catch (error) {
    said.textContent = error.message;
  }
});
