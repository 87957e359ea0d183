/** @file Chinese messages of the sub-commands of the program. */

import type { Catalogue } from "../say.js";

export const commands: Catalogue = {
  "{0}, {1} by {2}": "{0}，{1}（{2}）",
  "a GPU": "GPU",
  "a software driver": "软件驱动",
  "SwiftShader, fetched once where it is needed (Linux on x64)":
    "SwiftShader，需要时下载一次（x64 上的 Linux）",
  "--quiet and --verbose contradict each other: give one": "--quiet 与 --verbose 互相矛盾：请只用一个",
  Note: "提示",
  "{0} of {1} models are complete": "{1} 个模型中有 {0} 个已完成",
  "Of {0} models {1} done{2}": "{0} 个模型中完成 {1} 个{2}",
  ", {0} failed": "，失败 {0} 个",
  ", and some methods of one more; the same command makes the rest":
    "，另有一张图片完成了部分方法；运行同一命令会补完其余",
  "gradlens: interrupted; {0} of {1} pictures are complete{2}\n":
    "gradlens: 已中断；{1} 张图片中完成 {0} 张{2}\n",
  "Of {0} pictures {1} explained, {2} complete already{3}; scores in {4}":
    "{0} 张图片：解释 {1} 张，先前已完成 {2} 张{3}；得分见 {4}",
  '1 map of {0} shows nothing (flat); why: -v, or "flat" in manifest.json':
    '{0}中有 1 张热力图没有任何热区（flat）；原因：用 -v，或看 manifest.json 中的 "flat"',
  "{0} pictures": "{0} 张图片",
  '{0} maps of {1} show nothing (flat); why: -v, or "flat" in manifest.json':
    '{1}中有 {0} 张热力图没有任何热区（flat）；原因：用 -v，或看 manifest.json 中的 "flat"',
  "--device {0}": "--device {0}",
  "{0} has no effect here: a GPU is used if the machine has one (--adapter chooses another)":
    "{0} 在这里没有作用：机器有 GPU 就使用 GPU（--adapter 可另选）",
  "{0}: convert writes safetensors; name the result SOMETHING.safetensors":
    "{0}：convert 输出 safetensors；请把结果命名为 SOMETHING.safetensors",
  "--activation none cannot be kept in a file; give it when running cam":
    "--activation none 无法保存在文件中；请在运行 cam 时给出",
  "{0} is there already: --force replaces it": "{0} 已存在：用 --force 覆盖",
  "holds no tensors to convert": "没有可转换的张量",
  Assumed: "假定",
  "--{0} {1}, and kept: {2}": "--{0} {1}，并已写入：{2}",
  Written: "写出",
  Metadata: "元数据",
  'tensor "{0}" {1}': '张量 "{0}" {1}',
  'has a tensor "{0}", a name that safetensors keeps for itself':
    '有名为 "{0}" 的张量，而这个名称由 safetensors 保留',
  'tensor "{0}" has a value of {1}, which f16 cannot hold; use bf16 or f32':
    '张量 "{0}" 含有值 {1}，f16 无法表示；请用 bf16 或 f32',
  "is a changed {0} ({1}), which safetensors cannot hold: use the file as it is":
    "是改动过的 {0}（{1}），safetensors 无法保存这些改动：请直接使用该文件",
  "its {0} {1}are [{2}], the model's are [{3}]: it is of another model, or of another layer":
    "其 {1}{0} 为 [{2}]，模型的为 [{3}]：它来自另一个模型或另一层",
  "of {0} ": "{0} 的 ",
  "the first deviation lies between the input and the output of {0}": "首个偏差出现在输入与 {0} 的输出之间",
  "the reference's logits are scores after a {0}: make it again with the values before that":
    "参考文件的 logits 是经过 {0} 的得分：请用 {0} 之前的值重新生成",
  "{0} agrees; the first deviation lies between it and the logits":
    "{0} 一致；首个偏差出现在它与 logits 之间",
  "{0} and the logits agree; the deviation lies on the way back, in the gradient of class {1} at {2}":
    "{0} 与 logits 一致；偏差出现在反向传播中，即类别 {1} 在 {2} 处的梯度",
  "you say so": "由您指定",
  "its metadata says {0}": "元数据写明 {0}",
  "its keys and shapes say so": "由键和形状得出",
  "each of its {0} parameters is in the file, in its shape": "{0} 个参数全部在文件中，形状一致",
  "below the prefix {0}": "位于前缀 {0} 之下",
  "{0} renamed: {1}": "{0}改名：{1}",
  "assumed: {0} {1}: {2}": "假定：{0} {1}：{2}",
  "keys and shapes fit {0} as well": "键和形状也符合 {0}",
  'tensor "{0}" holds {1} that are not finite': '张量 "{0}" 有 {1}不是有限数',
  " in {0}": "，位于 {0}",
  File: "文件",
  Format: "格式",
  Tensors: "张量",
  Records: "记录",
  "{0} (kept as records, never looked up or called)": "{0}（只作为记录保存，从不查找或调用）",
  "would end with: {0}": "将会报错：{0}",
  " (assumed: {0})": "（假定：{0}）",
  " (from {0})": "（来自 {0}）",
  grey: "灰度",
  Model: "模型",
  "File says": "文件写明",
  "would feed {0} pixels, {1}{2}": "输入 {0} 像素，{1}{2}",
  "resized by {0}{1}": "用 {0} 缩放{1}",
  ", cropped by {0}": "，按 {0} 裁剪",
  "less mean {0}{1}, over std {2}{3}": "减去均值 {0}{1}，除以标准差 {2}{3}",
  "turned to mean 0.5, std 0.5 by the network{0}": "由网络转换为均值 0.5、标准差 0.5{0}",
  "show scores by {0}{1}": "用 {0} 得到得分{1}",
  "name labels {0}": "类别名为 {0}",
  "by their numbers (--labels gives names)": "各自的序号（用 --labels 给出名称）",
  "and look at {0}": "解释 {0} 层",
  Settings: "设置",
  "{0} from {1}": "{0}，来自 {1}",
  "{0} (another: --arch NAME, or --weights FILE)": "{0}（换用其他：--arch NAME 或 --weights FILE）",
  "--state-dict is a place in a file: name that with --weights FILE":
    "--state-dict 指文件中的位置：请用 --weights FILE 指定文件",
  "--weights names {0} and {1}: layers shows one model": "--weights 给出了 {0} 和 {1}：layers 只显示一个模型",
  "--method accepts names, groups, and all": "--method 接受方法名、组名和 all",
  architecture: "网络结构",
  parameters: "参数量",
  input: "输入",
  "pretrained weights: project, file": "预训练权重：项目，文件",
  "GFLOP: of one picture, a multiply-add counted as two. Files are read as they are: gradlens cam --weights FILE":
    "GFLOP：每张图片的计算量，一次乘加计为两次。文件可直接读取：gradlens cam --weights FILE",
  "A file that says all of itself: gradlens convert FILE mine.safetensors --labels NAMES --norm imagenet|half --size N":
    "生成自带全部说明的文件：gradlens convert FILE mine.safetensors --labels NAMES --norm imagenet|half --size N",
  "{0}: explained at {1}; names of {2}": "{0}：默认解释 {1}；键名来自 {2}",
  "none with a head is published": "没有公开发布带分类头的权重",
  "its metadata names no layer: it is not a reference; make one with tools/make_ref.py":
    "元数据没有写明层：它不是参考文件；请用 tools/make_ref.py 生成",
  "holds several pictures: make a reference of one": "含有多张图片：请用一张图片生成参考文件",
  'its target "{0}" is none of the {1} classes that it has': '目标 "{0}" 不在它的 {1} 个类别之中',
  "its gradient has another shape than its activations": "梯度与激活的形状不同",
  'has no tensor "{0}": it is not a reference; make one with tools/make_ref.py':
    '没有张量 "{0}"：它不是参考文件；请用 tools/make_ref.py 生成',
  'its "{0}" is {1} [{2}]: make it with tools/make_ref.py':
    '的 "{0}" 是 {1} [{2}]：请用 tools/make_ref.py 生成',
  '{0}: its "{1}" has values that are not finite: PyTorch\'s own model is broken, or its input was':
    '{0}：其 "{1}" 含有非有限数：PyTorch 的模型或其输入有问题',
  "--image -: name the pictures' files instead": "--image -：请改为给出图片文件",
  "{0} holds no results of gradlens: name the folder of --out":
    "{0} 中没有 gradlens 的结果：请给出 --out 的文件夹",
  "mean {0}": "均值 {0}",
  "{0} infinite": "无穷 {0} 个",
  Adapter: "适配器",
  "{0} ({1}), input {2}x{3}": "{0}（{1}），输入 {2}x{3}",
  "its input has {0} channels, the model's pictures have {1}": "输入有 {0} 个通道，而模型的图片有 {1} 个",
  "the reference has {0} outputs, the model {1}: it is of another model":
    "参考文件有 {0} 个输出，模型有 {1} 个：它来自另一个模型",
  "activations of {0}": "{0} 的激活",
  "gradient of class {0} at {1}": "类别 {0} 在 {1} 处的梯度",
  "{0}  differ by {1} of the largest value (limit {2})": "{0}  偏差为最大值的 {1}（上限 {2}）",
  "{0}: most at [{1}], {2} instead of {3}": "{0}：最大偏差位于 [{1}]，为 {2}，应为 {3}",
  "Same: the model computes what PyTorch computed in {0}.":
    "一致：模型的计算结果与 {0} 中 PyTorch 的结果相同。",
  "Different: {0}.": "不一致：{0}。",
  "name the folder of cam --out": "请给出 cam --out 的文件夹",
  results: "结果",
  "results {0}: this is a file, not a folder; {1}": "结果 {0}：这是文件，不是文件夹；{1}",
};
