/** @file Chinese messages of pictures and figures. */

import type { Catalogue } from "../say.js";

export const pictures: Catalogue = {
  "the grid would have {0}x{1} pixels, more than {2}: use a smaller cell or dpi":
    "组图将有 {0}x{1} 像素，超过 {2}：请减小 cell 或 dpi",
  "no further one": "没有更多",
  "refused: {0}": "已拒绝：{0}",
  "flat: {0}": "无热区：{0}",
  "{0}: give a length from {1}in to {2}in, as 4cm, 40mm, 1.5in, 120pt or 240px":
    "{0}：请给出 {1}in 到 {2}in 之间的长度，例如 4cm、40mm、1.5in、120pt 或 240px",
  "cropPct {0}: give the share of the resized picture's side that is kept, from {1} to {2}":
    "cropPct {0}：请给出缩放后图片边长中保留的比例，从 {1} 到 {2}",
  'resize "{0}" is not one of {1}': 'resize "{0}" 不是 {1} 之一',
  "a gradient of {0} values does not fit {1}x{2} pixels of 1 or 3 channels":
    "{0} 个值的梯度与 {1}x{2} 像素、1 或 3 通道不符",
  "alpha {0}: give the heat map's share, from 0 to 1": "alpha {0}：请给出热力图所占的比例，从 0 到 1",
  'a picture without "channels", or of 4, needs {0}x{1}x4 bytes of RGBA, as ImageData: give "channels" 3 or 1 for others':
    '没有 "channels" 或其值为 4 的图片需要 {0}x{1}x4 字节的 RGBA，即 ImageData；其他图片请把 "channels" 设为 3 或 1',
  "a picture of {0}x{1} pixels: width and height must be whole numbers from 1 up":
    "图片为 {0}x{1} 像素：宽和高必须是不小于 1 的整数",
  "a picture of {0} channels: give 3 (RGB) or 1 (grey)": "图片有 {0} 个通道：应为 3（RGB）或 1（灰度）",
  "a picture's data must be a Uint8Array (0..255) or a Float32Array (0..1)":
    "图片的 data 必须是 Uint8Array（0..255）或 Float32Array（0..1）",
  "a picture of {0}x{1} pixels, {2} channels, needs {3} samples, not {4}":
    "{0}x{1} 像素、{2} 通道的图片需要 {3} 个样本，而不是 {4} 个",
  "a size of {0}x{1} pixels: width and height must be whole numbers from 1 up":
    "尺寸为 {0}x{1} 像素：宽和高必须是不小于 1 的整数",
  "a limit of {0} pixels: give a whole number from 1 to {1} (--max-pixels, maxPixels)":
    "像素上限 {0}：请给出 1 到 {1} 的整数（--max-pixels，maxPixels）",
  ", or raise the limit (--max-pixels, maxPixels)": "，或提高上限（--max-pixels，maxPixels）",
  "{0}: {1}x{2} pixels are more than the limit of {3}; make it smaller{4}":
    "{0}：{1}x{2} 像素超过上限 {3}；请缩小图片{4}",
  "{0} has {1} values, but the model's input has {2} channels: give one for each":
    "{0} 有 {1} 个值，而模型输入有 {2} 个通道：请为每个通道给出一个值",
  "{0} holds {1}: give finite numbers{2}, for samples of 0..1":
    "{0} 含有 {1}：请给出{2}有限数，对应 0..1 的样本",
  " above 0": "大于 0 的",
  "minArea {0}: give a share of the picture, from 0 to 1": "minArea {0}：请给出占图片面积的比例，从 0 到 1",
  "a map of {0}x{1} needs {2} values, not {3}": "{0}x{1} 的热力图需要 {2} 个值，而不是 {3} 个",
  'threshold "{0}"': 'threshold "{0}"',
  "{0}: give a heat from 0 to 1 (0.5), otsu, or a percentile from p0 to p100 (p95)":
    "{0}：请给出 0 到 1 的热度（0.5）、otsu，或 p0 到 p100 的百分位数（p95）",
  "{0} values do not make an array of shape {1}": "{0} 个值无法组成形状为 {1} 的数组",
  "PNG, JPEG, WebP, GIF, TIFF, AVIF and DICOM": "PNG、JPEG、WebP、GIF、TIFF、AVIF 和 DICOM",
  "an AVIF sequence": "AVIF 序列",
  "a HEIC picture": "HEIC 图片",
  "a HEIF picture": "HEIF 图片",
  "a video": "视频",
  "a JPEG 2000 picture": "JPEG 2000 图片",
  "a JPEG 2000 codestream": "JPEG 2000 码流",
  "a JPEG XL picture": "JPEG XL 图片",
  "a NIfTI file": "NIfTI 文件",
  "a Photoshop file": "Photoshop 文件",
  "an icon file": "图标文件",
  "an OpenEXR picture": "OpenEXR 图片",
  "a Radiance HDR picture": "Radiance HDR 图片",
  "an SVG or XML file": "SVG 或 XML 文件",
  "an HTML page": "HTML 页面",
  "an HDF5 file": "HDF5 文件",
  "a zip archive (or a PyTorch checkpoint)": "zip 归档（或 PyTorch 检查点）",
  "a gzip archive": "gzip 压缩文件",
  "a safetensors file": "safetensors 文件",
  "a portable anymap (PNM) picture": "PNM（portable anymap）图片",
  "a file of an unknown kind": "类型未知的文件",
  "{0}: this PNG cannot be decoded ({1}); save it again": "{0}：这个 PNG 无法解码（{1}）；请重新保存",
  "it is cut off": "文件不完整",
  "it is cut off or damaged": "文件不完整或已损坏",
  "save it with np.save as float16, float32 or float64": "请用 np.save 保存为 float16、float32 或 float64",
  "is not a .npy file": "不是 .npy 文件",
  "holds no plain array of numbers": "不是普通的数值数组",
  "holds values of the type {0}{1}": "的数值类型是 {0}{1}",
  "is cut off, or too long: {0} bytes of values instead of {1}":
    "不完整或过长：数值占 {0} 字节，应为 {1} 字节",
};
