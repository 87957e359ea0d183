/** @file The library as the command uses it. */

import { METHOD_NAMES, METHODS } from "../../cam/methods/table.js";
import { fitModel } from "../../library/fit/fit-model.js";
import { networkShapes } from "../../library/file/tensors.js";
import { loadModel } from "../../library/model/load-model.js";
import { ARCH_NAMES } from "../../models/architectures.js";
import { detectArch, findArch } from "../../models/registry.js";
import { buildArch, defaultLayerOf } from "../../models/template.js";
import { modelTable } from "../../models/table.js";
import { listLayers } from "../../models/taps.js";
import { openCheckpoint } from "../../node/open-checkpoint.js";
import { adapterAdvice, listAdapters, openDevice } from "../../node/open-device.js";
import type { Engine } from "./engine.js";

/** For listing layers only: the number of classes changes nothing but the last one's shape. */
const IMAGENET_CLASSES = 1000;

export const realEngine: Engine = {
  archNames: ARCH_NAMES,
  models: modelTable,
  methods: METHOD_NAMES.map((name) => {
    const { group, title, paper, note } = METHODS[name];
    return { name, group, title, paper, ...(note !== undefined && { note }) };
  }),
  openGpu: openDevice,
  adapterAdvice,
  listAdapters,
  openCheckpoint: (path, name, options) => openCheckpoint(path, { ...options, name }),
  detectModels: ({ tensors }) => detectArch(networkShapes(tensors)),
  loadModel,
  describeModel(checkpoint, options) {
    const { description, template } = fitModel(checkpoint, options);
    const { modules, otherNames } = template;
    return { ...description, layers: () => listLayers(modules, description.defaultLayer, { otherNames }) };
  },
  archLayers(name, size, spelling) {
    const named = findArch(name);
    const defaults = { size: size ?? named.def.preprocessing.size, channels: 3, classes: IMAGENET_CLASSES };
    const options = { ...defaults, ...(spelling !== undefined && { spelling }) };
    const { modules, otherNames } = buildArch(named, options);
    return listLayers(modules, defaultLayerOf(named, spelling), { otherNames });
  },
};
