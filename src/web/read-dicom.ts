/** @file Reads a picture from a DICOM file in a page, without sending it anywhere. */

import type { DicomPicture } from "../dicom/read-picture.js";
import { checkDicomOptions, type DicomOptions } from "../dicom/options.js";
import { isDicom } from "../dicom/recognise.js";
import { GradlensError } from "../errors.js";
import { pixelLimit } from "../image/pixel-limit.js";
import type { DicomDecoders } from "./dicom-codecs.js";
import { say } from "../language/say.js";

export interface ReadDicomOptions extends DicomOptions {
  /** The picture's name in messages. Default "the picture". */
  readonly name?: string;
  /** A frame of more pixels is refused before it is decoded. Default 2^28, at most 2^30. */
  readonly maxPixels?: number;
  /** For JPEG-LS and JPEG 2000 (docs/DICOM.md); other files need none. */
  readonly decoders?: DicomDecoders;
}

/**
 * Reads one frame of a DICOM file as `readPicture` of gradlens/node does (docs/DICOM.md): 8-bit RGB, or one channel of
 * floats 0..1 for a grey frame.
 * @throws GradlensError "bad-picture" for an unreadable file, "bad-argument" for an invalid limit, frame or window
 */
export async function readDicom(
  from: Blob | Uint8Array,
  options: ReadDicomOptions = {},
): Promise<DicomPicture> {
  checkDicomOptions(options);
  const name = options.name ?? say`the picture`;
  const limit = pixelLimit(options.maxPixels);
  const bytes = from instanceof Uint8Array ? from : new Uint8Array(await from.arrayBuffer());
  if (!isDicom(bytes)) throw new GradlensError("bad-picture", say`${name} is no DICOM file`);
  const [{ readDicomPicture }, { browserDecoder }] = await Promise.all([
    import("../dicom/read-picture.js"),
    import("./dicom-codecs.js"),
  ]);
  return readDicomPicture(bytes, options, name, limit, browserDecoder(options.decoders ?? {}));
}
