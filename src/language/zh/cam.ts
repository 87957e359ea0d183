/** @file Chinese messages of methods, targets and maps. */

import type { Catalogue } from "../say.js";

export const cam: Catalogue = {
  "batch size": "批大小",
  "memory in bytes": "内存字节数",
  "vectors are compared with the output of a model without a classifier, and this {0} has one of {1} classes; leave it out (--embedding, embedding)":
    "向量要与不带分类器的模型输出作比较，而这个 {0} 带有 {1} 类的分类器；请去掉分类器（--embedding，embedding）",
  "the model was disposed of; load it again to use it": "模型已被释放；请重新加载后再使用",
  "the model was disposed of before this call was done": "这次调用完成之前，模型已被释放",
  "the model's output {0} is {1}: values inside it exceed the range of 32-bit floats; its input reaches {2}, check mean, std and weights":
    "模型输出 {0} 为 {1}：内部数值超出了 32 位浮点数的范围；其输入最大达到 {2}，请检查 mean、std 和权重",
  "the GPU lacks memory to find out why": "GPU 内存不足，无法查明原因",
  "the output of {0} is zero everywhere; check mean, std and the weights":
    "{0} 的输出处处为零；请检查 mean、std 和权重",
  "the gradient at {0} is zero everywhere: the target does not depend on it (in a vision transformer, after the last attention only the class token counts); use an earlier layer":
    "{0} 处的梯度处处为零：目标与它无关（在 vision transformer 中，最后一次注意力之后只有 class token 起作用）；请选用更靠前的层",
  "{0} has a single position, so its map has no pattern; use an earlier layer or a larger size":
    "{0} 只有一个位置，热力图没有起伏；请选用更靠前的层或更大的输入尺寸",
  "the map is 0 before ReLU at every position of {0}; use another method or an earlier layer":
    "热力图在 {0} 的每个位置上，ReLU 之前就是 0；请改用其他方法或更靠前的层",
  "the map has the same value at every position of {0}; use an earlier layer or a larger size":
    "热力图在 {0} 的每个位置上取值都相同；请选用更靠前的层或更大的输入尺寸",
  "all of it speaks against this target, and ReLU leaves nothing":
    "各处都是反对该目标的证据，ReLU 之后什么也不剩",
  "ReLU leaves nothing": "ReLU 之后什么也不剩",
  "the map is negative or zero at every position of {0}: {1}; keep negative values (--no-relu, relu: false) to see it":
    "热力图在 {0} 的每个位置上都为负或零：{1}；保留负值（--no-relu，relu: false）即可看到",
  "the map's values at {0} are too small to distinguish ({1} at most); use another target or another method":
    "热力图在 {0} 处的数值太小（最大 {1}），无法区分；请换一个目标或方法",
  "{0}: channels of {1}": "{0}：{1} 的通道",
  "{0} {1}: use {2}": "{0} {1}：应为{2}",
  "{0} needs a class token that the head reads; {1}'s head reads the patches, pooled; use gradcam instead":
    "{0} 需要分类头读取的 class token；{1} 的分类头读取的是池化后的各 patch；请改用 gradcam",
  "needs a class token and attention over all tokens in every layer; {0} attends within windows, or to fewer keys than tokens":
    "要求有 class token，且每一层都对全部 token 做注意力；{0} 在窗口内做注意力，或者 key 的数目少于 token 数",
  "reads the attention of a transformer, which {0} lacks": "读取 transformer 的注意力，而 {0} 没有注意力",
  "{0} {1}; use gradcam instead": "{0} {1}；请改用 gradcam",
  "Finer-CAM compares the logits of classes, and the model has no classifier; use gradcam instead":
    "Finer-CAM 比较各类别的 logit，而这个模型没有分类器；请改用 gradcam",
  "Finer-CAM compares a class with others, and this {0} has one output; use gradcam instead":
    "Finer-CAM 将一个类别与其他类别比较，而这个 {0} 只有一个输出；请改用 gradcam",
  "the picture and the biases change the logit nowhere, or by the same at every pixel":
    "图片和偏置对 logit 没有任何影响，或对每个像素的影响都相同",
  "FullGrad sums the contributions of the biases of convolutions and batch norms, and {0} has layer norms, which depend on the picture; use integrated or gradcam instead":
    "FullGrad 累加卷积层和批归一化层偏置的贡献，而 {0} 含有层归一化，其统计量随图片变化；请改用 integrated 或 gradcam",
  "guided backprop changes how ReLUs pass gradients back, and {0} has no ReLU; use gradcam or layercam instead":
    "引导反向传播（guided backprop）改变 ReLU 反传梯度的方式，而 {0} 没有 ReLU；请改用 gradcam 或 layercam",
  "noisy pictures": "加噪图片",
  "steps from the baseline": "从基线出发的步数",
  "the logit's gradient at the picture is zero everywhere, or has the same size at every pixel":
    "logit 对图片的梯度处处为零，或在每个像素上大小都相同",
  "more attention to a patch would raise the label's score nowhere, or by as much at every patch":
    "增加对任一 patch 的注意力都不会提高该标签的得分，或对所有 patch 的提高都相同",
  "the sign is fixed: the entry of largest magnitude is positive; pytorch-grad-cam's map may be the opposite":
    "符号已固定：绝对值最大的分量取正；pytorch-grad-cam 的热力图可能正负相反",
  "the original CAM needs a Linear right after global average pooling, which {0} lacks; use gradcam instead":
    "原始 CAM 要求全局平均池化之后紧接一个 Linear，而 {0} 不是这样；请改用 gradcam",
  "the original CAM explains the layer that the head pools{0}, not {1}; use {2}gradcam instead":
    "原始 CAM 解释的是分类头所池化的层{0}，而不是 {1}；请改用{2} gradcam",
  "that layer, or ": "该层，或者",
  "the class token attends equally to every patch": "class token 对所有 patch 的注意力都相同",
  "the GPU has no memory left for one picture at a time; use a smaller --size":
    "即使一次只处理一张图片，GPU 内存也已用尽；请减小 --size",
  "one picture at a time does not fit on this adapter; use a smaller --size":
    "即使一次只处理一张图片，这个适配器也放不下；请减小 --size",
  "{0} is not enough: one picture at a time needs {1} on top of the weights; use a larger --memory or a smaller --size":
    "{0} 不够：一次处理一张图片时，除权重外还需要 {1}；请增大 --memory 或减小 --size",
  "eigen smoothing combines a layer's channels, and {0} reads no layer; use it without, or gradcam instead":
    "eigen smoothing 合并某一层的各个通道，而 {0} 不读取任何层；请去掉该选项，或改用 gradcam",
  "the probability of one output is 1 by softmax, whatever the picture; compare the logit (--score logit, score)":
    "只有一个输出时，softmax 概率恒为 1，与图片无关；请比较 logit（--score logit，score）",
  "options {0}: an object is needed; leave them out for the usual ones":
    "options {0}：应为一个对象；使用默认选项时可省略",
  "no layer is named; leave layers out for the architecture's own":
    "没有指定层；省略 layers 即使用该网络结构的默认层",
  "unknown method {0}{1}": "未知方法 {0}{1}",
  "{0} {1}: a whole number from 1 up is needed": "{0} {1}：应为不小于 1 的整数",
  "{0} {1}: a list of names is needed": "{0} {1}：应为名称列表",
  'targets {0}: a class index, a text as "cat" or "top3", or a list of these is needed':
    'targets {0}：应为类别序号、"cat" 或 "top3" 这样的文本，或它们的列表',
  "compare its output with vectors (--target-vector FILE.npy, vectors) or with another picture (--target-image)":
    "请把它的输出与向量比较（--target-vector FILE.npy，vectors），或与另一张图片比较（--target-image）",
  "top {0}": "前 {0} 个",
  "min probability {0}": "最低概率 {0}",
  'target "{0}"': '目标 "{0}"',
  "{0}: the model has no classifier, so it has no labels; {1}": "{0}：模型没有分类器，因此没有标签；{1}",
  "{0} explains a label, and the model has no classifier; {1}, or use eigencam, which needs no label":
    "{0} 解释的是某个标签，而这个模型没有分类器；{1}，或改用不需要标签的 eigencam",
  "the model's output is zero everywhere for this picture: it has no direction to compare with":
    "对这张图片，模型的输出处处为零：没有可供比较的方向",
  "guided backprop": "引导反向传播",
  "top {0}: a whole number from 1 up is needed": "top {0}：应为不小于 1 的整数",
  "min probability {0}: a number from 0 to 1 is needed": "最低概率 {0}：应为 0 到 1 之间的数",
  "min probability {0}: this model's scores are not probabilities (its activation is none); choose one with --activation":
    "最低概率 {0}：这个模型的得分不是概率（其 activation 为 none）；请用 --activation 选择一种",
  'target "{0}" has an empty entry between its commas': '目标 "{0}" 的逗号之间有空项',
  'target {0} is the label "{1}" (index {2}): index {3} does not exist':
    '目标 {0} 是标签 "{1}"（序号 {2}）：序号 {3} 不存在',
  'target {0} is the index {1}, whose label is "{2}"; the label "{3}" is label:{4}':
    '目标 {0} 是序号 {1}，其标签为 "{2}"；要指标签 "{3}" 请写 label:{4}',
  "target {0} is out of range: the model has {1} classes, 0 to {2}":
    "目标 {0} 超出范围：模型有 {1} 个类别，序号 0 到 {2}",
  'target "{0}" is the label of several classes; use one of their indexes: {1}':
    '目标 "{0}" 是多个类别共用的标签；请使用其中一个序号：{1}',
  'unknown target "{0}"': '未知目标 "{0}"',
  "; without a target the highest logit is explained: leave it out":
    "；不指定目标时解释 logit 最大的类别：去掉它即可",
  ": the model has no labels; give them by --labels FILE, or a class index, topN, above:P or all":
    "：模型没有标签；请用 --labels FILE 提供，或使用类别序号、topN、above:P 或 all",
  "a target is a class index, a label, topN, above:P or all; index:N or label:NAME where both are possible":
    "目标可以是类别序号、标签、topN、above:P 或 all；两种含义都可能时写 index:N 或 label:NAME",
  "the model has no labels, so a target is a class index, topN, above:P or all":
    "模型没有标签，因此目标只能是类别序号、topN、above:P 或 all",
  "similarity {0}: use one of {1}": "相似度 {0}：请使用 {1} 之一",
  "vectors: a list of at least one { name, data } is needed; leave it out for none":
    "vectors：至少需要一项 { name, data }；没有向量时请省略",
  "vectors: entry {0} is not { name, data } with a text and numbers":
    "vectors：第 {0} 项不是由文本和数字组成的 { name, data }",
  'vector "{0}"': '向量 "{0}"',
  "{0} has {1} values, and the model's output has {2}": "{0} 有 {1} 个值，而模型的输出有 {2} 个",
  "{0}: value {1} is {2}; finite numbers are needed": "{0}：第 {1} 个值是 {2}；必须是有限的数",
  "{0} is zero everywhere: it has no direction to compare with": "{0} 处处为零：没有可供比较的方向",
  ": the labels are {0}; {1}": "：标签有 {0}；{1}",
  "{0} and {1} more": "{0} 及另外 {1} 项",
};
