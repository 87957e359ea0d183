/** @file Chinese messages of architectures. */

import type { Catalogue } from "../say.js";

export const models: Catalogue = {
  "head in a Sequential": "Sequential 中的分类头",
  "features.norm5 contains its ReLU": "features.norm5 包含其 ReLU",
  "old dotted DenseNet keys": "旧式带点的 DenseNet 键",
  "blocks in chunks": "分块存放的 block",
  "positions resampled without antialiasing, pictures of 224 pixels":
    "位置编码重采样时不抗混叠，图片为 224 像素",
  "{0}, with an offset of {1}, as the models in torch.hub": "{0}，偏移 {1}，与 torch.hub 的模型相同",
  antialiased: "抗混叠",
  "not antialiased": "不抗混叠",
  "{0}.{1} {2} (not {3})": "{0}.{1} {2}（而不是 {3}）",
  " of {0}": "（{0}）",
  "{0} is {1}{2} (not {3})": "{0} 为 {1}{2}（而不是 {3}）",
  "its {0}.{1} is {2}, which gradlens cannot compute; the architecture has {3}":
    "其 {0}.{1} 为 {2}，gradlens 无法计算；网络结构中为 {3}",
  "its {0} is {1}, where the architecture has {2}, and gradlens cannot compute that":
    "其 {0} 为 {1}，而网络结构中为 {2}，gradlens 无法计算",
  "its {0} is {1}; gradlens computes {2} only": "其 {0} 为 {1}；gradlens 只计算 {2}",
  "its Linears may stand side by side as well as one behind the other":
    "它的各个 Linear 可能是并列的，也可能是依次相连的",
  "it does not end with a Linear": "它不是以 Linear 结尾",
  "{0} ({1}) is not a Linear, BatchNorm1d or LayerNorm of {2} features":
    "{0}（{1}）不是 {2} 个特征的 Linear、BatchNorm1d 或 LayerNorm",
  "its norms contain their ReLUs": "它的归一化层包含各自的 ReLU",
  "another head": "另一种分类头",
  "of {0} pixels": "针对 {0} 像素",
  "efficientnet_pytorch pads for the size that the network was made for, and a state dict does not hold it":
    "efficientnet_pytorch 按构建网络时的尺寸做填充，而 state dict 不包含这个尺寸",
  "as TensorFlow's": "与 TensorFlow 相同",
  "Google's networks have tf_padding in their configuration, and a state dict does not hold it":
    "Google 的网络在配置中设有 tf_padding，而 state dict 不包含它",
  "the published network has depthwise_padding for that size in its configuration, and a state dict does not hold it":
    "发布的网络在配置中设有针对该尺寸的 depthwise_padding，而 state dict 不包含它",
  "TensorFlow's padding and batch-norm epsilon": "TensorFlow 的填充方式和批归一化 epsilon",
  "{0} on a map of {1}x{2}": "{1}x{2} 的特征图上的 {0}",
  "the whole map": "整个特征图",
  "not stated": "未给出",
  "no call of it": "不调用它",
  "gradlens models lists the architectures of the {0} families that it computes":
    "gradlens models 列出它能计算的 {0} 个系列的网络结构",
  "{0}, which gradlens does not compute; {1}": "{0}，gradlens 不计算这种网络；{1}",
  "{0} is {1}": "{0} 是 {1}",
  "{0} holds {1}, in {2} names": "{0} 中是 {1}，采用 {2} 的命名",
  'unknown architecture "{0}"; nearest: {1} (gradlens models lists all {2})':
    '未知的网络结构 "{0}"；最接近的是：{1}（gradlens models 列出全部 {2} 种）',
  "{0} needs pictures of at least {1}x{2} pixels, not {3}x{4}; choose a larger size":
    "{0} 的图片至少要有 {1}x{2} 像素，而不是 {3}x{4}；请选择更大的尺寸",
  "{0}: {1} is not a number of {2}": "{0}：{1} 不是有效的 {2} 数",
  '{0} has no spelling "{1}"; it has {2}': '{0} 没有 spelling "{1}"；它有 {2}',
  "its pooling before the split attention": "split attention 之前的池化",
  "{0}'s names": "{0} 的命名",
  "the file's {0} has {1} rows": "文件中的 {0} 有 {1} 行",
  "{0}, and no size of picture gives the tables of all stages with windows of {1}x{2} patches: its windows are of another size, and gradlens does not compute such a Swin":
    "{0}，而没有哪种图片尺寸能在 {1}x{2} 个 patch 的窗口下给出所有阶段的表：它的窗口是另一种大小，gradlens 不计算这样的 Swin",
  "{0}, a model's for such pictures": "{0}，对应这种图片的模型",
  "{0}, as those of models for several sizes: give the size of training by --size HxW, likely {1}":
    "{0}，对应多种尺寸的模型：请用 --size HxW 给出训练尺寸，很可能是 {1}",
  "{0} of the file is for {1}x{2} windows of {3}x{4} patches":
    "文件中的 {0} 对应 {1}x{2} 个窗口，每个 {3}x{4} 个 patch",
  "{0}.{1} is for windows of {2} patches, at this size they are {3}, and the file does not say which positions were trained: use the size of training":
    "{0}.{1} 针对 {2} 个 patch 的窗口，在这个尺寸下是 {3} 个，而文件没有写明训练的是哪些位置：请使用训练时的尺寸",
  "windows of {0}x{1} patches, positions as for {2}x{3}": "{0}x{1} 个 patch 的窗口，位置编码按 {2}x{3}",
  "windows of {0}x{1} patches": "{0}x{1} 个 patch 的窗口",
  "its {0} has a shift_size of {1}; in the architecture it {2}":
    "其 {0} 的 shift_size 为 {1}；网络结构中它{2}",
  shifts: "会移位",
  "does not shift": "不移位",
  "{0}.{1} has {2} rows, which are no square window's to resample from: give the size of training by --size HxW":
    "{0}.{1} 有 {2} 行，不是可以重采样的方形窗口：请用 --size HxW 给出训练尺寸",
  "its {0} has windows of {1} patches; in the architecture they are {2}x{3}":
    "其 {0} 的窗口有 {1} 个 patch；网络结构中为 {2}x{3}",
  "another number of": "其他数量的",
  "its {0} has windows of {1} patches; at this size they are {2} in the architecture":
    "其 {0} 的窗口有 {1} 个 patch；网络结构在这个尺寸下为 {2}",
  "its {0} has a pretrained_window_size of {1}; in the architecture it is {2}":
    "其 {0} 的 pretrained_window_size 为 {1}；网络结构中为 {2}",
  "the head before timm 0.9": "timm 0.9 之前的分类头",
  "layer {0} means different layers in other spellings than this file's; name it as `layers` lists it":
    "层 {0} 在其他 spelling 中指不同的层；请按 `layers` 列出的名称指定",
  "no layer {0} in this model; nearest: {1}": "模型中没有层 {0}；最接近的是：{1}",
  "layer {0} ({1}) has no output of its own: PyTorch never calls it; choose one inside it{2}":
    "层 {0}（{1}）没有自己的输出：PyTorch 从不调用它；请选择其内部的层{2}",
  ", as {0}": "，例如 {0}",
  "layer {0} cannot be explained: {1}; try {2}": "层 {0} 无法解释：{1}；请试 {2}",
  "its output {0} is not a map of the picture": "其输出 {0} 不是图片的特征图",
  "its values belong to heads or windows, not to places": "其数值属于各个 head 或窗口，而不是图片的位置",
  "VGG before torchvision 0.1.8, whose head begins with a Dropout":
    "torchvision 0.1.8 之前的 VGG，其分类头以 Dropout 开头",
  "after the last attention only the class token reaches the logits, so its gradient is zero at every patch":
    "最后一次注意力之后，只有 class token 影响 logit，因此各 patch 处的梯度为零",
  "fc_norm in place of norm says that the patches are pooled; the file does not say how, and their mean is usual":
    "有 fc_norm 而没有 norm，说明对 patch 做了池化；文件没有写明方式，通常取均值",
  "the file has no cls_token, so the patches are pooled; the file does not say how, and their mean is usual":
    "文件没有 cls_token，因此对 patch 做了池化；文件没有写明方式，通常取均值",
  "1 more token": "另外 1 个 token",
  "{0} more tokens": "另外 {0} 个 token",
  "{0}, nor the {1} of the size asked for: {2}": "{0}，也不符合所要尺寸的 {1}：{2}",
  "{0} ({1} pixels)": "{0}（{1} 像素）",
  "pos_embed has {0}, as many patches as the size asked for; a model trained at {1} has as many positions":
    "pos_embed 有 {0}，与所要尺寸的 patch 数相同；在 {1} 上训练的模型也有同样多的位置",
  "; a model with no_embed_class trained at {0} has as many positions":
    "；带 no_embed_class 且在 {0} 上训练的模型也有同样多的位置",
  "pos_embed has {0}, taken as a square and resampled to {1}{2}{3}":
    "pos_embed 有 {0}，按方形处理并重采样为 {1}{2}{3}",
  "the file's pos_embed has {0} patches, {1}x{2} of {3}x{4} pixels":
    "文件的 pos_embed 有 {0} 个 patch，即 {1}x{2} 个，每个 {3}x{4} 像素",
  "{0} patches and {1}": "{0} 个 patch 和{1}",
  "{0} patches": "{0} 个 patch",
  "pos_embed has {0} positions, for {1} patches and a class token, but the file has no cls_token: give the file that holds all of the model":
    "pos_embed 有 {0} 个位置，对应 {1} 个 patch 和一个 class token，但文件没有 cls_token：请给出包含完整模型的文件",
  "{0} patches and {1}, or for {2}": "{0} 个 patch 和{1}，或对应 {2}",
  "pos_embed has {0} positions, for {1} with no_embed_class":
    "pos_embed 有 {0} 个位置，在 no_embed_class 下对应 {1}",
  "pos_embed has {0}; {1} patches of {2}x{3} pixels make no square":
    "pos_embed 有 {0}；{1} 个 {2}x{3} 像素的 patch 不能组成方形",
  ", likely {0}": "，很可能是 {0}",
  "give the size of training by --size HxW{0}": "请用 --size HxW 给出训练尺寸{0}",
  "the head has as many features as a token; the file does not say of which, and the class token is usual":
    "分类头的特征数与一个 token 相同；文件没有写明是哪个，通常是 class token",
  "the head has twice a token's features; DINOv2's classifiers read these, in this order":
    "分类头的特征数是一个 token 的两倍；DINOv2 的分类器按此顺序读取",
  "the head has five times a token's features, as DINOv2's classifiers with layers=4":
    "分类头的特征数是一个 token 的五倍，与 DINOv2 中 layers=4 的分类器相同",
  "a norm in its patch embedding": "patch 嵌入中的归一化",
  "SwiGLU in its blocks": "block 中的 SwiGLU",
  "a norm inside its MLPs": "MLP 内部的归一化",
  "a norm of its attention's output": "注意力输出的归一化",
  "a gate on its attention's output": "注意力输出的门控",
  "relative positions beside its pos_embed": "pos_embed 之外的相对位置编码",
  "relative positions that its blocks share, as BEiT in pretraining":
    "各 block 共用的相对位置编码（如预训练时的 BEiT）",
  "relative positions, as SAM": "相对位置编码（如 SAM）",
  "{0} has {1} rows, which are no square grid's to resample from: give the size of training by --size HxW":
    "{0} 有 {1} 行，不对应任何方形网格，无法由此重采样：请用 --size HxW 给出训练尺寸",
  "{0}, which no grid of patches and a class token gives; convert the original checkpoint again":
    "{0}，不对应任何 patch 网格加一个 class token；请重新转换原始检查点",
  "{0}, which are no square grid's: give the size of training by --size HxW, likely {1}":
    "{0}，不对应任何方形网格：请用 --size HxW 给出训练尺寸，很可能是 {1}",
  "{0}, those of {1} patches": "{0}，即 {1} 个 patch 的行数",
  "{0} has {1} rows, taken as those of {2} patches and resampled to {3}":
    "{0} 有 {1} 行，视为 {2} 个 patch 的行数，并重采样为 {3}",
  "norm in place of fc_norm says that the head reads the class token in the authors' networks; timm's may read the patches' mean with fc_norm off":
    "有 norm 而没有 fc_norm：在作者的网络中，这表示分类头读取 class token；timm 的网络在关闭 fc_norm 时也可能读取各 patch 的均值",
  "rotary position embeddings": "旋转位置编码",
  "{0} is a ViT with {1} ({2}), which gradlens does not compute; train or find a ViT without it":
    "{0} 是带有{1}（{2}）的 ViT，gradlens 不计算这种网络；请训练或寻找不带它的 ViT",
  "DeiT III's LayerScale": "DeiT III 的 LayerScale",
  "it reads the embedding as it is; a head of the normalised embedding has the same keys":
    "它直接读取嵌入向量；读取归一化嵌入向量的分类头具有相同的键",
  "its values are pooled over all places": "它的值已在所有位置上池化",
  "its values are of the class token, not of places": "它的值属于 class token，而不是各个位置",
  "Hugging Face's classifier does not read it, so its gradient is zero":
    "Hugging Face 的分类器不读取它，因此其梯度为零",
  "the head is not one of Hugging Face's; the embedding of their CLIPVisionModel is of the class token":
    "分类头不是 Hugging Face 的；其 CLIPVisionModel 的嵌入取自 class token",
  "the head is not one of Hugging Face's; the embedding of their SiglipVisionModel is pooled by attention":
    "分类头不是 Hugging Face 的；其 SiglipVisionModel 的嵌入由注意力池化得到",
  "Hugging Face's model without a classifier gives it; ForImageClassification with an Identity as classifier has the same keys and gives another output":
    "这是 Hugging Face 无分类器模型的输出；分类器为 Identity 的 ForImageClassification 键相同，但输出不同",
  "Hugging Face's CLIPForImageClassification reads the patches' mean; the file does not say what its head reads":
    "Hugging Face 的 CLIPForImageClassification 读取各 patch 的均值；文件没有说明其分类头读取什么",
  "its head has {0} outputs, as many as CLIP's projection; --labels makes them classes":
    "其分类头有 {0} 个输出，与 CLIP 的投影层相同；用 --labels 可将它们作为类别",
  "pretrainedmodels' Inception v3 averages {0}x{1} positions, and its last map has {2}x{3} at this size; choose sides of 299 to 554 pixels":
    "pretrainedmodels 的 Inception v3 对 {0}x{1} 个位置求平均，而在此尺寸下最后的特征图为 {2}x{3}；请选择 299 到 554 像素的边长",
  "Hugging Face's SiglipForImageClassification reads the patches' mean; the file does not say what its head reads":
    "Hugging Face 的 SiglipForImageClassification 读取各 patch 的均值；文件没有说明其分类头读取什么",
  "its values are positions, the same for every picture": "它的值是位置编码，对每张图片都相同",
};
