/** @file The demo that the page starts with. Its files are beside the page. */

import { DEFAULT_DEMO, DEMOS } from "../../options/demos.js";
import { say } from "../../language/say.js";

const { weights, picture } = DEMOS[DEFAULT_DEMO];
const nameOf = (path: string): string => path.split("/").at(-1)!;

export const DEMO_WEIGHTS = nameOf(weights);
export const DEMO_PICTURE = nameOf(picture);
/** Width and height for CSS's aspect-ratio: they reserve the picture's place. */
export const DEMO_RATIO = "901 / 300";
/** Its path in the package. */
export const DEMO_PICTURE_PATH: string = picture;

export async function fetchDemo(name: string): Promise<File> {
  const response = await fetch(new URL(`./demo/${name}`, document.baseURI));
  if (!response.ok)
    throw new Error(say`${name}: the host of this page does not have it (${response.status})`);
  return new File([await response.blob()], name);
}
