/** @file Chinese messages of options and methods: --help. */

import type { Catalogue } from "../say.js";

export const options: Catalogue = {
  "checkpoint: safetensors, or a file of torch.save; repeatable, one model after the other":
    "检查点：safetensors，或 torch.save 保存的文件；可重复，逐个模型处理",
  "the demo model": "示例模型",
  "the shipped model to use without --weights": "没有 --weights 时使用的自带模型",
  "the architecture, where the file does not settle it": "网络结构，在文件无法确定时给出",
  "the implementation, as torchvision or timm, where the keys fit several":
    "实现方式（如 torchvision 或 timm），在键同时符合多种时给出",
  "the first that fits": "第一个符合的",
  "class names: a file (one a line, or JSON), chestxray14 or imagenet1k":
    "类别名：文件（每行一个，或 JSON），chestxray14 或 imagenet1k",
  "auto: the file's own": "auto：按文件",
  "the file's own": "按文件",
  "turns logits into the scores shown": "把 logit 变为所显示的得分",
  "activation between the Linears of a head of several layers": "多层分类头中各 Linear 之间的激活函数",
  "the file's own, else relu": "按文件，否则 relu",
  "leave the classifier out: explain what it reads, by --target-vector or --target-image":
    "去掉分类器：用 --target-vector 或 --target-image 解释分类器的输入",
  "the network turns ImageNet's mean and std into 0.5: torchvision's transform_input":
    "网络把 ImageNet 的均值和标准差转换为 0.5：即 torchvision 的 transform_input",
  "the file's own, else on for torchvision's Inception v3 and GoogLeNet":
    "按文件，否则对 torchvision 的 Inception v3 和 GoogLeNet 开启",
  "input size in pixels": "输入尺寸（像素）",
  "the file's own, else the architecture's": "按文件，否则按网络结构",
  "mean of each input channel, for samples of 0..1 (0..255 is divided by 255)":
    "各输入通道的均值，对应 0..1 的样本（0..255 的值会除以 255）",
  "standard deviation of each input channel": "各输入通道的标准差",
  "mean and std by name (half: 0.5 and 0.5, none: 0 and 1)":
    "按名称给出均值和标准差（half：0.5 和 0.5；none：0 和 1）",
  "resize pictures as cv2.resize or as Pillow does, bit for bit":
    "按 cv2.resize 或 Pillow 的方式缩放图片，逐位一致",
  "the file's own, else opencv-bilinear": "按文件，否则 opencv-bilinear",
  "as timm: resize the shorter side to size / P, and explain the centre":
    "与 timm 相同：把短边缩放到 size / P，解释中心部分",
  "the file's own, else off: the whole picture, resized straight to the size":
    "按文件，否则 off：把整张图片直接缩放到输入尺寸",
  "feed blue first, as models trained on OpenCV's pictures expect":
    "按蓝、绿、红的顺序输入，用于以 OpenCV 图片训练的模型",
  "the weights to use of a file with several, as model_ema (see gradlens inspect)":
    "文件含有多份权重时使用哪一份，例如 model_ema（见 gradlens inspect）",
  "the raw ones before averaged ones": "原始权重优先于平均权重",
  "refuse a file whose pickle names functions that exploits use (never run)":
    "拒绝 pickle 中提到攻击代码所用函数的文件（这些函数从不执行）",
  "keep this run's settings beside the weights, in FILE.gradlens.json, for later runs":
    "把本次运行的设置保存在权重旁边的 FILE.gradlens.json 中，供以后使用",
  "a picture, a folder, a glob, or - for stdin; repeatable":
    "图片、文件夹、通配符，或用 - 表示标准输入；可重复",
  "the shipped picture": "自带图片",
  "refuse pictures of more pixels than this": "拒绝像素数超过此值的图片",
  "DICOM and 16-bit pictures: centre and width of the values shown, as 40,400":
    "DICOM 和 16 位图片：显示数值的窗位和窗宽，例如 40,400",
  "DICOM: the file's first, else all values of the frame; 16 bits: the upper 8":
    "DICOM：文件的第一个窗口，否则该帧的全部数值；16 位：高 8 位",
  "DICOM: the number of the frame, from 1": "DICOM：帧的序号，从 1 开始",
  "comma list of methods or groups, as all and gradient (see gradlens methods)":
    "方法或组的列表，以逗号分隔，例如 all 和 gradient（见 gradlens methods）",
  Maps: "热力图",
  gradcam: "gradcam",
  "a module to explain (see gradlens layers); repeatable: the maps are averaged":
    "要解释的模块（见 gradlens layers）；可重复，各层的热力图取平均",
  "the architecture's": "按网络结构",
  "one map for each --layer instead of their average": "每个 --layer 一张热力图，而不取平均",
  "class index, label, top3, above:0.5, all, or a list; index:2, label:2":
    "类别序号、标签、top3、above:0.5、all，或它们的列表；index:2、label:2",
  "the highest logit; the demo has its own": "logit 最大的类别；示例有自己的目标",
  "only the K targets of the highest logits, of all classes without --target":
    "只取 logit 最大的 K 个目标，没有 --target 时从所有类别中选",
  "only targets of this score or more, of all classes without --target":
    "只取得分不低于此值的目标，没有 --target 时从所有类别中选",
  "without a classifier: explain the similarity with a vector [D] or several [N, D]; repeatable":
    "不带分类器：解释与一个向量 [D] 或多个向量 [N, D] 的相似度；可重复",
  "without a classifier: explain the similarity with another picture; repeatable":
    "不带分类器：解释与另一张图片的相似度；可重复",
  "with a vector or a picture: cosine, dot product, or 1 - cosine":
    "与向量或图片比较时：余弦、点积，或 1 - 余弦",
  "average the maps of six scaled and mirrored versions of the picture":
    "对图片的六个缩放和镜像版本的热力图取平均",
  "first principal component of the weighted activations instead of their sum":
    "用加权激活的第一主成分代替它们的和",
  "keep negative values, which speak against a label: -1..1, blue to red":
    "保留负值（与标签相悖的部分）：-1..1，由蓝到红",
  "scale each map by itself, or the maps of all targets together":
    "每张热力图单独缩放，或所有目标的热力图一起缩放",
  "scorecam: only the K channels whose values vary most": "scorecam：只用数值变化最大的 K 个通道",
  all: "全部",
  "scorecam, ablationcam: compare the raw output, or its probability":
    "scorecam、ablationcam：比较原始输出，或其概率",
  "input methods: a pixel's largest magnitude, or the sum over its colours":
    "输入类方法：取像素各颜色中最大的绝对值，或各颜色之和",
  "rollout: how the attention heads of a layer become one": "rollout：一层中多个注意力头如何合并",
  "rollout: the share of each layer's smallest attentions that is discarded":
    "rollout：每层中舍弃的最小注意力的比例",
  "methods that draw random numbers: the same seed gives the same map":
    "使用随机数的方法：种子相同则热力图相同",
  "guided backprop and guided Grad-CAM pictures as well":
    "同时输出引导反向传播（guided backprop）和 guided Grad-CAM 图片",
  "results: a folder for each picture and model, and scores.csv":
    "结果：每张图片、每个模型一个文件夹，以及 scores.csv",
  Output: "输出",
  "all files in OUT itself, under names that begin with picture and model":
    "所有文件都直接放在 OUT 中，文件名以图片和模型开头",
  "file names of {method} {label} {image} {model} {arch} {layer} {kind}; KIND=PATTERN for one kind":
    "文件名，可用 {method} {label} {image} {model} {arch} {layer} {kind}；KIND=PATTERN 只用于一种",
  "format of overlays and guided pictures without --name": "没有 --name 时叠加图和引导反向传播图片的格式",
  "colours of the overlay": "叠加图的配色",
  "jet; of signed maps bwr (blue to red)": "jet；有正负的热力图用 bwr（由蓝到红）",
  "share of the map in the overlay": "热力图在叠加图中所占的比例",
  "overlays as large as the picture, or as the model's input": "叠加图与原图一样大，或与模型输入一样大",
  "the map alone as a grey PNG of 8 bits (bare --heat) or 16":
    "单独的热力图，8 位（只写 --heat）或 16 位的灰度 PNG",
  "mask, outline and boxes of heat from a level (0.5), otsu or percentile (p95)":
    "由热度（0.5）、otsu 或百分位数（p95）得到的掩码、轮廓和框",
  "with --threshold: leave out regions below this share of the picture":
    "与 --threshold 一起：略去小于图片面积此比例的区域",
  "with --threshold: draw the box of each region on the overlay, dashed":
    "与 --threshold 一起：在叠加图上用虚线画出每个区域的框",
  "with --threshold: comma list of box files for all pictures, as boxes-MODEL.json":
    "与 --threshold 一起：所有图片的框文件，逗号分隔，例如 boxes-MODEL.json",
  "boxes that people drew, CSV or COCO: drawn, and compared with each map":
    "人工标注的框，CSV 或 COCO：画在图上，并与每张热力图比较",
  "the map as float32 .npy [H, W] at the input size": "热力图存为 float32 的 .npy [H, W]，大小为输入尺寸",
  "one PNG per map for a paper: picture, map and overlay side by side":
    "每张热力图一个用于论文的 PNG：图片、热力图和叠加图并排",
  "all maps in OUT/grid.png; axes: method, target, layer, image, model":
    "所有热力图放在 OUT/grid.png 中；轴：method、target、layer、image、model",
  "format of the grid; svg and pdf have vector text": "组图的格式；svg 和 pdf 的文字是矢量的",
  "pixels an inch of the grid and of its pictures": "组图及其中图片每英寸的像素数",
  "96; of svg and pdf 300": "96；svg 和 pdf 为 300",
  "longer side of the grid's cells: 4cm, 40mm, 1.5in, 120pt, 240px":
    "组图单元格的长边：4cm、40mm、1.5in、120pt、240px",
  "by the pictures' sizes": "按图片大小",
  "title of the grid; none leaves out all lines above it": "组图的标题；none 去掉上方所有行",
  "architecture and weights": "网络结构和权重",
  "words for names on the grid: lines of NAME = WORDS; proper: Grad-CAM++ for gradcam++":
    "组图上代替名称的文字：NAME = WORDS 的行；proper：gradcam++ 写作 Grad-CAM++",
  "one HTML page of all results, OUT/report.html; saves maps as by --heat too":
    "所有结果的一个 HTML 页面 OUT/report.html；同时像 --heat 那样保存热力图",
  "print each picture's manifest as one line on stdout, a grid's files last":
    "在标准输出上为每张图片打印一行 manifest，最后是组图的文件",
  "replace files that are in the way in the output folder": "覆盖输出文件夹中同名的文件",
  "auto, gpu, gpu:NAME, system or embedded (see gradlens adapters)":
    "auto、gpu、gpu:NAME、system 或 embedded（见 gradlens adapters）",
  Running: "运行",
  "$GRADLENS_ADAPTER, else auto": "$GRADLENS_ADAPTER，否则 auto",
  "pictures or masks in one run of the model, where a method needs many":
    "方法需要多次运行模型时，每次运行的图片或掩码数",
  "GPU memory on top of the weights for methods of many runs, as 500M":
    "需要多次运行的方法除权重外可用的 GPU 内存，例如 500M",
  "no bound": "不限",
  "the driver's own checks of array indexes": "驱动对数组下标的检查",
  "auto: the faster one that is safe on the adapter": "auto：在该适配器上安全的方式中较快的一种",
  "print where the GPU's time went": "打印 GPU 时间的去向",
  "print errors only": "只打印错误",
  "print all that is known: assumptions, notes, every file and score":
    "打印全部信息：假定、提示、每个文件和得分",
  "language of messages: English or Chinese": "消息的语言：英文或中文",
  "the system's: LC_ALL, LC_MESSAGES, LANG": "按系统：LC_ALL、LC_MESSAGES、LANG",
  "show stack traces": "显示调用栈",
  "read every tensor: least, greatest and mean value; counts of NaN and infinite ones":
    "读取每个张量：最小值、最大值和均值；NaN 和无穷的个数",
  Checkpoints: "检查点",
  "element type of all float tensors; integers stay as they are": "所有浮点张量的元素类型；整数保持不变",
  "as in the file": "与文件相同",
  "accepted for pytorch-grad-cam's sake": "为兼容 pytorch-grad-cam 而接受",
  Other: "其他",
  "accepted for pytorch-grad-cam's sake; see --adapter": "为兼容 pytorch-grad-cam 而接受；见 --adapter",
  "print the version": "打印版本",
  "print this": "打印本说明",
  gradient: "gradient（基于梯度）",
  "no-gradient": "no-gradient（不用梯度）",
  attention: "attention（基于注意力）",
};
