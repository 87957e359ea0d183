/** @file Chinese messages of a file as a model. */

import type { Catalogue } from "../say.js";

export const library: Catalogue = {
  "its module {0}": "其模块 {0}",
  "one class": "只有一个类别",
  "the labels are {0}'s, of which a picture may have several": "标签属于 {0}，一张图片可以有多个",
  "the head is a Sequential of 14 classes, as CheXNet's Linear and Sigmoid":
    "分类头是 14 类的 Sequential，即 CheXNet 的 Linear 和 Sigmoid",
  "1000 classes, as ImageNet's": "1000 个类别，与 ImageNet 相同",
  "usual for a classifier of {0} classes; sigmoid is for several labels a picture":
    "{0} 类分类器的惯例；一张图片有多个标签时用 sigmoid",
  "{0} does not match {1} as published: {2}": "{0} 与公开发布的 {1} 不符：{2}",
  "its {0} is {1}, where the architecture has {2}": "其 {0} 为 {1}，而网络结构中为 {2}",
  "its module {0} ({1}) does not belong to it": "其模块 {0}（{1}）不属于它",
  "it has no module {0} ({1})": "没有模块 {0}（{1}）",
  "its code multiplies by {0} in {1}, the architecture by {2}": "其代码在{1}中乘以 {0}，而网络结构乘以 {2}",
  "its code multiplies by {0} in {1}; the architecture does not":
    "其代码在{1}中乘以 {0}，而网络结构没有这一乘法",
  "its code multiplies by other numbers in {0} than the architecture": "其代码在{0}中所乘的数与网络结构不同",
  "the keys are those of timm's {0} too, which gradlens does not compute":
    "timm 的 {0} 也有相同的键，而 gradlens 不计算它",
  "16 heads": "16 个注意力头",
  "GELU's approximation by tanh in some": "部分使用 GELU 的 tanh 近似",
  "rotary positions": "旋转位置编码",
  "anti-aliasing": "抗混叠",
  "its code lacks the factor of {0} in {1}, which the architecture has":
    "其代码在{1}中缺少网络结构所乘的 {0}",
  "the network": "网络",
  "it was saved in training mode; gradlens computes it as after .eval()":
    "它保存于训练模式；gradlens 按 .eval() 之后计算",
  "not checked, since the file does not state them: {0}{1}": "文件没有写明，因此未检查：{0}{1}",
  "the code of these classes is not in the file: they are assumed to call their modules as the architecture does":
    "文件中没有这些类的代码：假定它们按网络结构的方式调用各模块",
  "the file keeps these forward hooks without their code: they are assumed to change nothing":
    "文件中有这些 forward hook，但没有其代码：假定它们不改变任何结果",
  "a state dict does not hold strides, activations and pooling: they are those of the architecture":
    "state dict 不包含步长、激活函数和池化：按网络结构取值",
  "head activation {0}: the file's head leaves none open; leave out --head-activation":
    "分类头激活函数 {0}：文件的分类头没有待定之处；请去掉 --head-activation",
  "{0} names the layers of its head ({1}) but not what runs between them; give --head-activation relu (or gelu, none ...) if they run in order":
    "{0} 给出了分类头各层的名称（{1}），但没有给出层间的运算；若各层依次运行，请给出 --head-activation relu（或 gelu、none ...）",
  "a state dict does not hold activations; {0} is read as {1}, with one at {2}":
    "state dict 不包含激活函数；{0} 按 {1} 读取，{2} 处有一个激活函数",
  "the head reads twice the features of the last layer, as of a pool by maximum and mean":
    "分类头读取的特征数是最后一层的两倍，即最大池化加平均池化",
  "{0}: its modules do not fit together at {1} pixels ({2}); try another --size":
    "{0}：在 {1} 像素下各模块无法衔接（{2}）；请换一个 --size",
  "mean and std": "mean 和 std",
  "{0} is of samples 0..255, and is divided by 255": "{0} 针对 0..255 的样本，已除以 255",
  "the network does not accept this size": "网络不接受这个尺寸",
  "{0} before the crop": "裁剪前为 {0}",
  '{0}: its keys fit {1}, not the spelling "{2}"; name another with --spelling, or leave it out':
    '{0}：其键符合 {1}，而不是 spelling "{2}"；请用 --spelling 另选，或去掉它',
  "{0} does not say its architecture, and its keys fit none of the {1} architectures that gradlens models lists: {2}":
    "{0} 没有写明网络结构，其键与 gradlens models 列出的 {1} 种网络结构都不符：{2}",
  "{0} (with {1})": "{0}（{1}）",
  "{0} may be {1}: their keys are the same, their results are not; name its network with --arch":
    "{0} 可能是 {1}：它们的键相同，计算结果却不同；请用 --arch 指定网络",
  "name it with --arch if it is one of them under other names":
    "如果它是其中之一而键名不同，请用 --arch 指定",
  "the file lacks {0}": "文件缺少 {0}",
  "{0} does not belong to it": "{0} 不属于它",
  "the nearest is {0} ({1}): {2} of its {3} parameters fit, but {4}; --arch {5} lists every difference":
    "最接近的是 {0}（{1}）：{3} 个参数中有 {2} 个相符，但{4}；--arch {5} 会列出全部差异",
  "the keys of {0} are the same": "{0} 的键与之相同",
  "the keys fit {0} too": "键也符合 {0}",
  "the labels given": "给出的标签",
  "the labels of {0}": "{0} 的标签",
  "{0} names for {1} classes": "{1} 个类别却有 {0} 个名称",
  "the model has {0} classes, but {1} are {2}; give one label a class, in the model's order":
    "模型有 {0} 个类别，而{1}有 {2} 个；请按模型的顺序为每个类别给出一个标签",
  "{0}: its metadata says {1}={2}, which cannot be read; correct the file, or give the value by option":
    "{0}：其元数据写明 {1}={2}，无法读取；请修正文件，或用选项给出该值",
  "an embedding with values": "嵌入的值，序号",
  classes: "类别",
  "target {0}: the model has {1} 0 to {2}": "目标 {0}：模型有{1} 0 到 {2}",
  "a picture is needed, not {0}: { data, width, height, channels }, as readPicture gives it":
    "需要一张图片，而不是 {0}：应为 readPicture 给出的 { data, width, height, channels }",
  "an input of {0}x{1} pixels needs {2} MiB, but this adapter binds at most {3} MiB; use a smaller --size":
    "{0}x{1} 像素的输入需要 {2} MiB，而该适配器最多绑定 {3} MiB；请减小 --size",
  "the picture's sample {0} is {1}": "图片的第 {0} 个样本是 {1}",
  "with mean {0} and std {1} the model's input is {2}: give those that the model was trained with":
    "mean {0}、std {1} 使模型输入为 {2}：请给出训练该模型时所用的值",
  "the input has {0} values; the model reads {1}x{2} pixels of {3} channels":
    "输入有 {0} 个值；模型读取 {1}x{2} 像素、{3} 通道",
  "the input's value {0} is {1}; finite numbers are needed": "输入的第 {0} 个值是 {1}；必须是有限的数",
  "windows of {0}x{1}": "{0}x{1} 的窗口",
  "its class token": "class token",
  "average pooling": "平均池化",
  "an output stride of 32": "输出步长 32",
  "no dilation": "无空洞卷积",
  "the published padding of its blocks of stride 2": "其步幅为 2 的块所发布的填充",
  "strides of {0}": "步幅 {0}",
  "{0} heads": "{0} 个头",
  "an eps of {0}": "eps {0}",
  "an eps of 1e-6": "eps 1e-6",
  "PyTorch's BatchNorm": "PyTorch 的 BatchNorm",
  "no anti-aliasing": "无抗混叠",
  "no stride in its first stage": "第一阶段不含步长",
  "a stride in its first stage": "第一阶段含步长",
  "TensorFlow's padding": "TensorFlow 的填充方式",
  "the stride in its 3x3 convolutions": "步长位于 3x3 卷积",
  "{0} holds {1}; give both as the network computes them (--mean, --std)":
    "{0} 含有{1}；请按网络的计算方式给出两者（--mean，--std）",
  "{0}, a mean or a std without the other": "{0}，即只有 mean 和 std 之一",
  "{0} and {1}, a mean and a std whose values were not read": "{0} 和 {1}，即数值未被读取的 mean 和 std",
  "{0} {1} and {2} {3}, which normalise no pictures": "{0} {1} 和 {2} {3}，不能用来归一化图片",
  "two normalisations, {0}": "两种归一化：{0}",
  "{0}: its first convolution reads {1} channels; pictures have 1 or 3":
    "{0}：第一个卷积读取 {1} 个通道；图片只有 1 或 3 个",
  "{0}: its {1} says {2}, which gradlens does not compute, though its keys are {3}'s; use a checkpoint of a network that gradlens models lists":
    "{0}：其 {1} 写明 {2}，gradlens 不计算这种网络，尽管它的键属于 {3}；请使用 gradlens models 所列网络的检查点",
  "{0}: its {1} says {2}, but its tensors are {3}'s; if {4} is not about these weights, name their network with --arch":
    "{0}：其 {1} 写明 {2}，而张量属于 {3}；如果 {4} 与这些权重无关，请用 --arch 指定网络",
  "{0}: its {1} is {2}, and {3} is computed with {4}: gradlens does not compute that network":
    "{0}：其 {1} 为 {2}，而 {3} 的计算采用 {4}：gradlens 不计算这种网络",
  "its tensors are {0}'s": "其张量属于 {0}",
  "names no network that is known": "没有写明已知的网络",
  "usual for {0} ({1})": "{0}（{1}）的惯例",
  "{0} is used without a classifier, whose output has no {1}; leave out --{2} ({3})":
    "{0} 不带分类器使用，其输出没有 {1}；请去掉 --{2}（{3}）",
  "size {0}: [height, width] is needed": "size {0}：应为 [height, width]",
  "{0} {1}: a list of numbers is needed": "{0} {1}：应为数的列表",
  "the file says two things: neither is used": "文件的说法互相矛盾：都不采用",
  "said otherwise by option or metadata": "选项或元数据另有指定",
  "{0}; the file says {1}, which is not used": "{0}；文件写明 {1}，未采用",
  "std {0}": "std {0}",
  "{0} ({1}): {2}; give both for samples of 0..1": "{0}（{1}）：{2}；请按 0..1 的样本给出两者",
  "samples are 0..1, or 0..{0}, and have no such values": "样本为 0..1 或 0..{0}，不会有这样的值",
  "one is of samples 0..{0}, the other of samples 0..1": "一个针对 0..{0} 的样本，另一个针对 0..1 的样本",
  "{0} is used, of the file's normalising module": "采用文件中归一化模块的 {0}",
  "mean and std are of samples in 0..255 and in 0..1": "mean 和 std 分别针对 0..255 和 0..1 的样本",
  "{0} values for {1} channels": "{1} 个通道却有 {0} 个值",
  "{0} of samples 0..255": "{0}（针对 0..255 的样本）",
  "{0} has {1} values, but the model's pictures have {2}: give one a channel, or one for all":
    "{0} 有 {1} 个值，而模型的图片有 {2}：请为每个通道给出一个值，或用一个值表示全部",
  "{0} channels": "{0} 个通道",
  "torchvision sets transform_input where it loads its weights, and a state dict does not hold it; --no-transform-input says otherwise":
    "torchvision 在加载自己的权重时设置 transform_input，而 state dict 不包含它；用 --no-transform-input 可改变",
  "transform input {0}: {1}; leave the option out": "transform input {0}：{1}；请去掉该选项",
  "{0} ({1}) has no such setting": "{0}（{1}）没有这个设置",
  "the network reads grey pictures, and the setting is for colours": "网络读取灰度图片，而这个设置针对彩色",
  "the file's network has {0}": "文件中的网络设置为 {0}",
  "its module's {0}": "其模块的 {0}",
  "its code": "其代码",
  "its output": "其输出",
  "its {0}": "其 {0}",
  "its code never calls {0}": "其代码从不调用 {0}",
  "{0} is made of {1}; in the architecture of {2}": "{0}由 {1} 组成；网络结构中由 {2} 组成",
  "its code has {0} before {1}; the architecture has {2}": "其代码在 {1} 之前是 {0}；网络结构中是 {2}",
  "the picture": "图片",
  head: "分类头",
  "1 class": "1 个类别",
  'without its classifier "{0}"': '去掉分类器 "{0}"',
  "GELU's approximation by tanh": "GELU 的 tanh 近似",
  "attention pooling": "注意力池化",
  "{0}: {1} has as many outputs as it reads, {2}: it may adapt the embedding instead of naming classes. Give --labels with {3} names if it is a classifier; else use a file without it":
    "{0}：{1} 的输出数与输入数相同，均为 {2}，它可能是嵌入向量的适配器，而不是分类头。若是分类头，请用 --labels 给出 {3} 个名称；否则请使用不含它的文件",
  "part of the text tower, which no picture reaches": "文本塔的一部分，图片不经过它",
};
