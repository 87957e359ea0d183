/** @file Chinese messages of commands: --help. */

import type { Catalogue } from "../say.js";

export const help: Catalogue = {
  "{0}:": "{0}：",
  "heat maps of pictures": "生成图片的热力图",
  "the demo: two labels of a shipped photograph by a shipped model": "示例：用自带模型解释自带照片的两个类别",
  "three labels of a drawn scene by a DenseNet121": "用 DenseNet121 解释一张手绘场景的三个标签",
  "your own model and picture": "自己的模型和图片",
  "three labels each": "每张图片三个标签",
  "one finding": "一种影像学征象",
  "settings kept beside the weights: later --weights mine.pth alone will do":
    "把设置保存在权重旁边：以后只需 --weights mine.pth",
  "other methods, another layer": "其他方法，另一个层",
  "every method by two models, for the labels that they find; scores.csv has all scores":
    "两个模型的全部方法，解释它们判定的标签；scores.csv 中有全部得分",
  "for scripts: one line of JSON, the map as .npy": "用于脚本：一行 JSON，热力图存为 .npy",
  "one HTML page of all results in a folder": "一个文件夹中全部结果的 HTML 页面",
  "OUT/report.html, with the pictures that were explained": "OUT/report.html，带有所解释的图片",
  "the same without the pictures below the maps": "同上，热力图下面不带图片",
  "print the report's path as one line on stdout": "在标准输出上用一行打印报告的路径",
  "the modules of a model, for --layer": "模型的各个模块，用于 --layer",
  "an architecture as it is": "某种网络结构",
  "with the shapes of one's own file": "使用自己文件中的形状",
  "at another input size": "另一种输入尺寸",
  "those of a shipped model": "随附模型的模块",
  "print the modules as one line on stdout: path, kind, shape, default":
    "在标准输出上用一行打印各模块：path、kind、shape、default",
  "the supported architectures, for --arch": "支持的网络结构，用于 --arch",
  "parameters, GFLOP, default layers, and where pretrained weights are":
    "参数量、GFLOP、默认层，以及预训练权重的来源",
  "print the architectures as one line on stdout, with the same facts":
    "在标准输出上用一行打印各网络结构，内容相同",
  "the supported methods, for --method": "支持的方法，用于 --method",
  "names, and the papers they come from": "名称，以及出自哪篇论文",
  "print the methods as one line on stdout: name, group, title, paper, note":
    "在标准输出上用一行打印各方法：name、group、title、paper、note",
  "the WebGPU adapters of this machine, for --adapter": "本机的 WebGPU 适配器，用于 --adapter",
  "names and kinds": "名称和类型",
  "print the adapters as one line on stdout: name, kind, backend":
    "在标准输出上用一行打印各适配器：name、kind、backend",
  "what a checkpoint holds, and what cam would make of it": "检查点的内容，以及 cam 会如何使用它",
  "its kind, its tensors as a tree, its architecture and how that is known":
    "它的类型、张量树、网络结构及其判断依据",
  "with the range of values, and counts of NaN": "同时给出数值范围和 NaN 的个数",
  "the same for programs": "同上，供程序使用",
  "print all of it as one line on stdout: metadata, every tensor, the model or the problem":
    "在标准输出上用一行打印全部内容：元数据、每个张量、模型或问题",
  "print every tensor, equal blocks too": "打印每个张量，相同的块也不合并",
  "a checkpoint as clean safetensors, which later runs need no options for":
    "把检查点转为规范的 safetensors，以后运行不再需要选项",
  "tensors bit for bit, under the names they have": "张量逐位相同，名称不变",
  "with settings that later runs read": "带有以后运行会读取的设置",
  "half as large": "大小减半",
  "whether gradlens computes what your PyTorch model does": "gradlens 的计算结果是否与您的 PyTorch 模型相同",
  "REF is made by tools/make_ref.py where PyTorch is": "REF 由 tools/make_ref.py 在有 PyTorch 的地方生成",
  "print the comparison as one line on stdout: deviations with their limits, and the verdict":
    "在标准输出上用一行打印比较结果：偏差及其上限，以及结论",
};
