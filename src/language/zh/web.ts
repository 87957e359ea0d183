/** @file Chinese messages of the browser. */

import type { Catalogue } from "../say.js";

export const web: Catalogue = {
  'holds {0} pixels, for which the page gives no decoder: decoders["{1}"] (docs/DICOM.md)':
    '含有 {0} 像素，而页面没有提供解码器：decoders["{1}"]（docs/DICOM.md）',
  "labels {0}": "标签 {0}",
  "{0}: the host of this page does not have it ({1})": "{0}：本页面的主机上没有该文件（{1}）",
  "no weights file is given": "没有给出权重文件",
  "{0} and {1} are weights of several models: give one, or the index of its parts too":
    "{0} 和 {1} 是多个模型的权重：请只给出一个，或同时给出其分片的索引",
  "{0} needs the file {1} beside it: drop both together": "{0} 需要同目录下的文件 {1}：请把两者一起拖入",
  "{0} goes with weights called model.safetensors or pytorch_model.bin, as transformers and timm call them, not with {1}: rename the weights, or leave {2} out":
    "{0} 只适用于名为 model.safetensors 或 pytorch_model.bin 的权重（transformers 和 timm 的命名），不适用于 {1}：请重命名权重，或不要给出 {2}",
  "{0} goes with weights called model.safetensors or pytorch_model.bin: drop them together":
    "{0} 只适用于名为 model.safetensors 或 pytorch_model.bin 的权重：请把它们一起拖入",
  "{0} names the labels {1}, which were not dropped: drop that file together with {2}":
    "{0} 指定了标签文件 {1}，但没有拖入：请将该文件与 {2} 一起拖入",
  "the engine was disposed of before this call was done": "这次调用完成之前，引擎已被释放",
  "no model is loaded yet": "还没有加载模型",
  "no picture has the id {0}": "没有 id 为 {0} 的图片",
  "the device is not open yet": "设备还没有打开",
  "a newer browser has it": "更新的浏览器才支持",
  "it needs a page from https or localhost": "需要来自 https 或 localhost 的页面",
  "this browser offers no WebGPU here: {0}": "这个浏览器在此处不提供 WebGPU：{0}",
  "see whether hardware acceleration is switched on in its settings": "请查看浏览器设置中是否开启了硬件加速",
  "this browser has WebGPU, but no adapter for it: {0}": "这个浏览器支持 WebGPU，但没有可用的适配器：{0}",
  "{0} is no DICOM file": "{0} 不是 DICOM 文件",
  "save it as a PNG": "请保存为 PNG",
  "{0} is a {1} of 8 bits: a window (--window, window) is for DICOM files and PNGs of 16 bits":
    "{0} 是 8 位的 {1}：窗口（--window，window）只用于 DICOM 文件和 16 位 PNG",
  "{0} is {1}, which is not supported ({2} are)": "{0} 是 {1}，不受支持（支持 {2}）",
  "{0} is a TIFF, which browsers do not read; {1}": "{0} 是 TIFF，浏览器不能读取；{1}",
  "{0}: this browser cannot decode this {1}; it may be damaged, or {2}":
    "{0}：这个浏览器无法解码这个 {1}；可能已损坏，或者{2}",
};
