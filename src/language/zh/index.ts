/** @file The Chinese catalogue. */

import type { Catalogue } from "../say.js";
import { cam } from "./cam.js";
import { checkpoint } from "./checkpoint.js";
import { command } from "./command.js";
import { commands } from "./commands.js";
import { dicom } from "./dicom.js";
import { engine } from "./engine.js";
import { explain } from "./explain.js";
import { help } from "./help.js";
import { library } from "./library.js";
import { methods } from "./methods.js";
import { models } from "./models.js";
import { networks } from "./networks.js";
import { node } from "./node.js";
import { options } from "./options.js";
import { pictures } from "./pictures.js";
import { results } from "./results.js";
import { settings } from "./settings.js";
import { torchFiles } from "./torch-files.js";
import { web } from "./web.js";

export const ROOMS: readonly Catalogue[] = [
  cam,
  checkpoint,
  command,
  commands,
  dicom,
  engine,
  explain,
  help,
  library,
  methods,
  models,
  networks,
  node,
  options,
  pictures,
  results,
  settings,
  torchFiles,
  web,
];

/** English templates and their Chinese. */
export const CHINESE: Catalogue = Object.assign({}, ...ROOMS) as Catalogue;
