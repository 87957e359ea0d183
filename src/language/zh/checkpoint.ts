/** @file Chinese messages of kinds of checkpoint files, safetensors and keys. */

import type { Catalogue } from "../say.js";

export const checkpoint: Catalogue = {
  "tensor {0} holds {1} of {2} that are not finite, first {3} at index {4}; the training diverged or the file is damaged: use an earlier checkpoint":
    "张量 {0} 的 {2} 个值中有 {1}不是有限数，首个是序号 {4} 处的 {3}；训练已发散或文件已损坏：请使用更早的检查点",
  "one value": "1 个",
  "{0} values": "{0} 个值",
  "a Git LFS pointer, not the file itself (fetch it with `git lfs pull`)":
    "Git LFS 指针，而不是文件本身（请用 `git lfs pull` 取回）",
  "a GGUF model of llama.cpp": "llama.cpp 的 GGUF 模型",
  "an HDF5 file (Keras .h5, or MATLAB 7.3)": "HDF5 文件（Keras .h5 或 MATLAB 7.3）",
  "a NumPy array": "NumPy 数组",
  "a TensorFlow Lite model": "TensorFlow Lite 模型",
  "an ExecuTorch program": "ExecuTorch 程序",
  "an ONNX Runtime model (.ort)": "ONNX Runtime 模型（.ort）",
  "a TensorRT engine, compiled for one GPU": "为特定 GPU 编译的 TensorRT 引擎",
  "an MXNet file of parameters": "MXNet 参数文件",
  "a MATLAB file": "MATLAB 文件",
  "a PNG picture": "PNG 图片",
  "a JPEG picture": "JPEG 图片",
  "a GIF picture": "GIF 图片",
  "a WebP picture": "WebP 图片",
  "a TIFF picture": "TIFF 图片",
  "a BMP picture": "BMP 图片",
  "a DICOM picture": "DICOM 图片",
  "a PDF document": "PDF 文档",
  "a checkpoint of PyTorch 0.1 (a tar archive), too old to be read: load it with PyTorch once and save it again":
    "PyTorch 0.1 的检查点（tar 包），格式过旧无法读取：请用 PyTorch 加载一次再重新保存",
  "a tar archive (unpack it first)": "tar 包（请先解包）",
  "gzip-compressed (unpack it first)": "gzip 压缩文件（请先解压）",
  "xz-compressed (unpack it first)": "xz 压缩文件（请先解压）",
  "zstd-compressed (unpack it first)": "zstd 压缩文件（请先解压）",
  "bzip2-compressed (unpack it first)": "bzip2 压缩文件（请先解压）",
  "compressed by joblib: load it with joblib.load and save the weights with torch.save":
    "joblib 压缩文件：请用 joblib.load 加载，再用 torch.save 保存权重",
  "a 7-Zip archive (unpack it first)": "7-Zip 压缩包（请先解压）",
  "a RAR archive (unpack it first)": "RAR 压缩包（请先解压）",
  "a program, not a checkpoint": "程序，而不是检查点",
  "a Core ML model (.mlmodel)": "Core ML 模型（.mlmodel）",
  "a TensorFlow SavedModel": "TensorFlow SavedModel",
  "an ONNX model": "ONNX 模型",
  "a web page (was the download refused, or the page saved instead of the file?)":
    "网页（是下载被拒绝，还是把页面当成文件保存了？）",
  "a MindSpore checkpoint": "MindSpore 检查点",
  "a msgpack file, as Flax (JAX) writes parameters": "Flax（JAX）保存参数所用的 msgpack 文件",
  "an OpenVINO model (.xml)": "OpenVINO 模型（.xml）",
  "an ncnn model (.param)": "ncnn 模型（.param）",
  text: "文本",
  "the note that TensorFlow writes beside checkpoints": "TensorFlow 写在检查点旁边的说明文件",
  "an XML document": "XML 文档",
  "JSON text": "JSON 文本",
  "supported are safetensors and PyTorch files (.safetensors, .pt, .pth, .pkl, .bin, .ckpt, .th)":
    "支持 safetensors 和 PyTorch 文件（.safetensors、.pt、.pth、.pkl、.bin、.ckpt、.th）",
  "is empty; copy or download it again": "是空文件；请重新复制或下载",
  "is {0}; {1}": "的文件类型为：{0}；{1}",
  "is too short for a checkpoint ({0} bytes); copy or download it again":
    "只有 {0} 字节，不可能是检查点；请重新复制或下载",
  "holds only zeros: an unfinished download or copy; {0}": "全是零：下载或复制没有完成；{0}",
  "is of an unknown kind (it begins with the bytes {0}); {1}": "类型未知（开头字节为 {0}）；{1}",
  "{0} is not valid JSON: the file is damaged; copy or download it again":
    "{0}不是有效的 JSON：文件已损坏；请重新复制或下载",
  "{0} names {1} twice: the file is damaged": "{0}中 {1} 出现了两次：文件已损坏",
  "head named {0}": "分类头名为 {0}",
  " and {0} more": " 及另外 {0} 项",
  "{0} of {1}{2} is computed": "由 {0} 计算得出：{1}{2}",
  "is one of the files of a distributed checkpoint; {0}": "是分布式检查点中的一个文件；{0}",
  ", and {0} more": "，另有 {0} 项",
  "{0} missing ({1})": "缺少 {0}（{1}）",
  "{0} keys": "{0} 个键",
  "{0} of another shape ({1} is {2}, the model's is {3}{4})": "{0}形状不符（{1} 为 {2}，模型要求 {3}{4}）",
  "{0} tensors": "{0} 个张量",
  "several tensors could be {0} ({1})": "有多个张量可能是 {0}（{1}）",
  "{0} that {1} lacks ({2})": "{0}是 {1} 所没有的（{2}）",
  "{0} does not fit {1}: {2}. {3}": "{0} 与 {1} 不符：{2}。{3}",
  "These keys are {0}'s: try --arch {1}": "这些键属于 {0}：请试 --arch {1}",
  "its {0} begin with {1}": "它的 {0}以 {1} 开头",
  "it holds no tensors": "其中没有张量",
  "None of its keys is {0}'s ({1}): name its architecture with --arch":
    "没有一个键属于 {0}（{1}）：请用 --arch 指定网络结构",
  "Its head has several layers that are not a Sequential of Linear, BatchNorm1d, LayerNorm and activations: only such a head, or one Linear, can be computed":
    "它的分类头由多层组成，且不是 Linear、BatchNorm1d、LayerNorm 和激活函数的 Sequential：只能计算这样的分类头或单个 Linear",
  "The file holds only a part of the model: give the file that holds all of it":
    "文件只含模型的一部分：请给出包含完整模型的文件",
  "Its head is for another number of classes": "它的分类头对应另一个类别数",
  "The file holds another network than {0}, and only {1} with a Linear or a Sequential of Linears as head can be computed; if the network does not use these tensors, save the file without them":
    "文件中的网络不是 {0}，而只能计算分类头为 Linear 或若干 Linear 的 Sequential 的 {1}；如果网络用不到这些张量，请去掉它们后再保存",
  "It is of another architecture, or a changed {0}: name the right one with --arch":
    "它是另一种网络结构，或改动过的 {0}：请用 --arch 指定正确的结构",
  "; {0} lacks the other tensors": "；其余张量是 {0} 所没有的",
  "It has no head, so it is a backbone only: give the file that was saved after fine-tuning{0}":
    "它没有分类头，只是骨干网络：请给出微调之后保存的文件{0}",
  "None of its matrices is the one Linear that makes {0}'s logits ({1}): only a backbone with a Linear, or a Sequential of Linears, behind it can be computed":
    "其中没有一个矩阵是产生 {0} 的 logit 的那个 Linear（{1}）：只能计算后接 Linear 或若干 Linear 的 Sequential 的骨干网络",
  "its header": "文件头",
  "its header is not a JSON object: the file is damaged": "文件头不是 JSON 对象：文件已损坏",
  "claims a header of {0} bytes, the format allows {1}: the file is damaged":
    "声称文件头有 {0} 字节，而格式只允许 {1}：文件已损坏",
  "has a header of {0} bytes and less data than that: no real model has; the file is damaged":
    "文件头有 {0} 字节，数据却比它还少：真实的模型不会这样；文件已损坏",
  "its __metadata__ is not a JSON object: the file is damaged": "__metadata__ 不是 JSON 对象：文件已损坏",
  "its metadata {0} is not a string: the file is damaged": "元数据 {0} 不是字符串：文件已损坏",
  "tensor {0} {1}: the file is damaged": "张量 {0} {1}：文件已损坏",
  "is not described by a JSON object": "不是由 JSON 对象描述的",
  "has no dtype": "没有 dtype",
  "tensor {0} has the unknown dtype {1}; convert it to F32 or F16":
    "张量 {0} 的 dtype {1} 未知；请转换为 F32 或 F16",
  "has no valid shape": "没有有效的形状",
  "has no valid data_offsets": "没有有效的 data_offsets",
  "ends (byte {0}) before it begins (byte {1})": "结束位置（字节 {0}）在开始位置（字节 {1}）之前",
  "takes {0} bytes, but {1} [{2}] needs {3}": "占 {0} 字节，而 {1} [{2}] 需要 {3}",
  "another number": "其他数目",
  "lies unaligned, at byte {0}": "没有对齐，位于字节 {0}",
  "the header": "文件头",
  "tensor {0}": "张量 {0}",
  "{0} overlaps {1}: the file is damaged": "{0} 与 {1} 重叠：文件已损坏",
  "{0} bytes between {1} and {2} belong to no tensor: the file is damaged":
    "{1} 与 {2} 之间有 {0} 字节不属于任何张量：文件已损坏",
  "is cut off: its tensors need {0} bytes, it has {1}; copy or download it again":
    "不完整：它的张量需要 {0} 字节，而文件只有 {1} 字节；请重新复制或下载",
  "has {0} bytes after {1} that belong to no tensor: the file is damaged":
    "在 {1} 之后有 {0} 字节不属于任何张量：文件已损坏",
  "is JSON text of more bytes than any checkpoint's index has": "是 JSON 文本，其字节数超过任何检查点的索引",
  it: "它",
  "is JSON text, but not the index of a checkpoint (it has no weight_map); give the file with the weights":
    "是 JSON 文本，但不是检查点的索引（没有 weight_map）；请给出存放权重的文件",
  "says that tensor {0} lies in {1}, which is not a file beside it":
    "称张量 {0} 在 {1} 中，而后者不是同目录下的文件",
  "is the index of a checkpoint in several files; give them joined in one file":
    "是分为多个文件的检查点的索引；请给出合并成一个文件的版本",
  "says that {0} holds tensor {1}, but it does not": "称 {0} 含有张量 {1}，但实际没有",
  "{0}, in {1} files": "{0}，分为 {1} 个文件",
  "is cut off: it should have at least {0} bytes, it has {1}; copy or download it again":
    "不完整：应至少有 {0} 字节，实际只有 {1} 字节；请重新复制或下载",
  "cannot be read at byte {0} ({1})": "在字节 {0} 处无法读取（{1}）",
  "became shorter while it was read; try again": "在读取过程中变短了；请重试",
  "tensor {0} holds {1} elements, which no supported model uses":
    "张量 {0} 的元素类型为 {1}，任何受支持的模型都不会用到",
  "tensor {0} {1}": "张量 {0} {1}",
  "a counter of training steps": "训练步数计数器",
  "a table that follows from the architecture": "由网络结构决定的表",
  "an auxiliary classifier, which runs in training alone": "只在训练时运行的辅助分类器",
  "torchxrayvision's thresholds of the scores": "torchxrayvision 的得分阈值",
  "part of the loss": "损失函数的一部分",
  "a weight of the loss": "损失函数的权重",
  "the state of a metric": "某个指标的状态",
  "a count of thop's profiler": "thop 性能统计的计数",
  "the token of masked pretraining": "掩码预训练的 token",
  "MoCo's queue of negative keys": "MoCo 的负样本队列",
  "the same memory as {0}": "与 {0} 共用内存",
  "part of a second copy of the model, {0}": "模型另一份副本的一部分，{0}",
  "at the root": "位于根部",
  "Its head {0} reads {1} features, and {2} has {3} for it":
    "其分类头 {0} 读取 {1} 个特征，而 {2} 为它提供 {3} 个",
  "A state dict does not say what else it reads": "state dict 没有说明它还读取了什么",
  "These may be the mean and the maximum (timm's catavgmax), the maximum and the mean (fastai's), or a class token and the mean. A state dict does not say which":
    "这些特征可能是均值加最大值（timm 的 catavgmax）、最大值加均值（fastai），或类别 token 加均值。state dict 没有说明是哪一种",
  "{0}. {1}. A model saved whole (torch.save(model, ...)) or as TorchScript says how it pools":
    "{0}。{1}。整个保存的模型（torch.save(model, ...)）或 TorchScript 会说明其池化方式",
  "a number of CLIP's that its other tensors show": "CLIP 的一个数值，可由其他张量得出",
};
