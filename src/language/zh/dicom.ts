/** @file Chinese messages of DICOM files. */

import type { Catalogue } from "../say.js";

export const dicom: Catalogue = {
  "has compressed pixels with an invalid header": "的压缩像素文件头无效",
  "{0} bytes for {1}x{2} compressed pixels": "{1}x{2} 的压缩像素只有 {0} 字节",
  "has {0}: it is cut off, or blank": "中 {0}：文件不完整，或是空白",
  "is a DICOMDIR: a list of other files, without a picture": "是 DICOMDIR：只是其他文件的列表，没有图片",
  "does not say how it is coded (no transfer syntax)": "没有说明编码方式（缺少 transfer syntax）",
  "cannot be read: it may be cut off or damaged": "无法读取：可能不完整或已损坏",
  "has a {0} that is not a number": "的{0}不是数",
  "is cut off": "不完整",
  "has compressed pixels, but its transfer syntax says native: save it again":
    "的像素是压缩的，但 transfer syntax 写的是未压缩：请重新保存",
  "is cut off: frame {0} ends at byte {1} of its pixels, but the file has {2}":
    "不完整：第 {0} 帧应在像素数据的字节 {1} 处结束，而只有 {2} 字节",
  "has native pixels, but its transfer syntax says compressed: save it again":
    "的像素未压缩，但 transfer syntax 写的是压缩：请重新保存",
  "has no pixels for frame {0}": "没有第 {0} 帧的像素",
  "holds no picture (no pixel data)": "不含图片（没有像素数据）",
  "number of frames": "帧数",
  "holds no frame (its number of frames is not a whole number above 0)":
    "不含任何帧（帧数不是大于 0 的整数）",
  "has {0} samples a pixel where {1} has {2}": "每个像素有 {0} 个样本，而 {1} 应有 {2} 个",
  "holds no picture: it has no {0}": "不含图片：缺少 {0}",
  "has an unsupported photometric interpretation (supported: {0})":
    "的 photometric interpretation 不受支持（支持：{0}）",
  "has {0} bits allocated a sample, not one of {1}": "每个样本分配 {0} 位，而不是 {1} 之一",
  "has {0} bits up to bit {1} in samples of {2} bits": "在 {2} 位的样本中使用 {0} 位，最高到第 {1} 位",
  "inflates to more than {0} bytes": "解压后超过 {0} 字节",
  "is cut off: it holds {0} of the {1} tiles of its JPEG 2000 pixels":
    "不完整：JPEG 2000 像素的 {1} 个 tile 中只有 {0} 个",
  "is cut off: its JPEG pixels end early": "不完整：JPEG 像素提前结束",
  "has damaged JPEG pixels: a restart marker is missing": "的 JPEG 像素已损坏：缺少 restart 标记",
  "has damaged JPEG pixels": "的 JPEG 像素已损坏",
  "has JPEG pixels of several frames in one": "把多帧 JPEG 像素放在了一帧中",
  "has an invalid JPEG header": "的 JPEG 文件头无效",
  "has JPEG pixels without their tables": "的 JPEG 像素缺少所需的表",
  "has an invalid JPEG code table": "的 JPEG 编码表无效",
  "has lossless JPEG pixels with an unknown predictor": "的无损 JPEG 像素使用未知的预测器",
  "has subsampled lossless JPEG pixels, which are not supported: save it as RGB, not compressed":
    "的无损 JPEG 像素经过色度抽样，不受支持：请保存为未压缩的 RGB",
  "has lossless JPEG pixels that restart inside a row": "的无损 JPEG 像素在行内重新开始",
  "has coloured JPEG pixels of {0} bits, which are not supported: save it as RGB, not compressed":
    "是 {0} 位的彩色 JPEG 像素，不受支持：请保存为未压缩的 RGB",
  "has a palette with invalid segments: save it as RGB": "的调色板分段无效：请保存为 RGB",
  "has a lookup table without its entries or its descriptor": "的查找表缺少条目或描述符",
  "has a lookup table of {0} bits": "的查找表是 {0} 位的",
  "has a lookup table that is cut off": "的查找表不完整",
  "rescale slope": "rescale slope",
  "rescale intercept": "rescale intercept",
  "a window of {0},{1}: give its centre and its width, above 0, as 40,400 (--window, window)":
    "窗口 {0},{1}：请给出窗位和大于 0 的窗宽，例如 40,400（--window，window）",
  "frame {0}: give a whole number from 1 up (--frame, frame)":
    "帧 {0}：请给出不小于 1 的整数（--frame，frame）",
  "this DICOM file {0}": "该 DICOM 文件{0}",
  "has {0}: there is no frame {1}": "有 {0}：没有第 {1} 帧",
  "one frame": "1 帧",
  "{0} frames": "{0} 帧",
  "is coloured: a window (--window) is for grey values": "是彩色的：窗口（--window）只用于灰度值",
  "is {0} pixels wide, which YBR_FULL_422 cannot be": "宽 {0} 像素，YBR_FULL_422 不可能是这个宽度",
  "1 bit": "1 位",
  "has compressed pixels of {0}, which are not supported: save it as Explicit VR Little Endian":
    "是 {0} 的压缩像素，不受支持：请保存为 Explicit VR Little Endian",
  "states {0}x{1} pixels of {2} samples, but its compressed pixels are {3}x{4} of {5}: save it again":
    "声明为 {0}x{1} 像素、{2} 个样本，而压缩像素是 {3}x{4}、{5} 个样本：请重新保存",
  "has compressed pixels that do not fill the picture": "的压缩像素没有填满图片",
  "has compressed pixels that cannot be decoded: it may be cut off or damaged":
    "的压缩像素无法解码：可能不完整或已损坏",
  "this DICOM file cannot be read: it may be cut off or damaged": "该 DICOM 文件无法读取：可能不完整或已损坏",
  "has a damaged RLE header": "的 RLE 文件头已损坏",
  "is cut off: its RLE pixels end early": "不完整：RLE 像素提前结束",
  "holds an MPEG video": "含有 MPEG 视频",
  "holds JPEG XL pixels": "含有 JPEG XL 像素",
  "holds frames deflated one by one": "的各帧分别用 deflate 压缩",
  "holds JPEG 2000 pixels of several components, or from a server": "含有多分量或来自服务器的 JPEG 2000 像素",
  "holds JPEG pixels in a retired coding": "含有已废弃编码的 JPEG 像素",
  "{0}: save it as Explicit VR Little Endian": "{0}：请保存为 Explicit VR Little Endian",
  "has a transfer syntax that DICOM does not define": "的 transfer syntax 不是 DICOM 所定义的",
  "window centre": "窗位",
  "window width": "窗宽",
  "has an unknown VOI LUT function (supported: LINEAR, LINEAR_EXACT, SIGMOID): give --window C,W":
    "的 VOI LUT 函数未知（支持：LINEAR、LINEAR_EXACT、SIGMOID）：请给出 --window C,W",
  "has a window of width {0}, which {1} cannot have: give --window C,W":
    "的窗宽为 {0}，{1} 不允许：请给出 --window C,W",
  "has values from {0} to {1}, too far apart to show: give --window C,W":
    "的数值从 {0} 到 {1}，相差太大无法显示：请给出 --window C,W",
};
