/** @file Chinese messages of names and notes of results. */

import type { Catalogue } from "../say.js";

export const results: Catalogue = {
  '--name "{0}" and "{1}": give one, or KIND=PATTERN':
    '--name "{0}" 与 "{1}"：请只给出一个，或写 KIND=PATTERN',
  '--name "{0}" {1}': '--name "{0}" {1}',
  "holds a backslash: put / between folders": "含有反斜杠：文件夹之间请用 /",
  "must be a path below the output folder, as gb/{image}.jpg":
    "必须是输出文件夹之下的路径，例如 gb/{image}.jpg",
  "must end in .png, .jpg or .webp": "必须以 .png、.jpg 或 .webp 结尾",
  "holds {{0}}, which is not a placeholder ({1}){2}": "含有 {{0}}，它不是占位符（{1}）{2}",
  "would give several maps one name: put {{0}} into it": "会使多张热力图同名：请加入 {{0}}",
  "other weights ({0})": "其他权重（{0}）",
  "another picture": "另一张图片",
  "another model ({0}, {1})": "另一个模型（{0}，{1}）",
  "the model without its classifier": "不带分类器的模型",
  "the model with its classifier": "带分类器的模型",
  "other preprocessing ({0} {1}, now {2})": "其他预处理（{0} 为 {1}，现在为 {2}）",
  "{0} was written by a later gradlens (format {1}): update gradlens or name another --out":
    "{0} 由更新版本的 gradlens 写出（格式 {1}）：请升级 gradlens，或指定另一个 --out",
  ": all of it speaks against this target": "：各处都是反对该目标的证据",
  "the map is negative or zero everywhere{0}": "热力图处处为负或零{0}",
  "the peak lies in the picture's border of one colour ({0} {1} at the {2}), where there is nothing to see":
    "峰值落在图片的纯色边框中（{2}侧 {0} {1}），那里没有任何内容",
  top: "上",
  bottom: "下",
  left: "左",
  right: "右",
  rows: "行",
  columns: "列",
  "{0}: {1}": "{0}：{1}",
  "{0}; {1}": "{0}；{1}",
  "as requested": "由选项指定",
  "from the file": "来自文件",
  "all values of the frame (others: --window C,W)": "该帧的全部数值（另选：--window C,W）",
  Page: "页",
  "1 of {0}; the others are not read": "共 {0} 页，只读取第 1 页",
  Frame: "帧",
  "{0} of {1} (others: --frame N)": "{1} 帧中的第 {0} 帧（另选：--frame N）",
  Window: "窗口",
  "another frame ({0}, now {1})": "另一帧（{0}，现在为 {1}）",
  "another window ({0}, now {1})": "另一个窗口（{0}，现在为 {1}）",
  none: "无",
  "a lookup table": "查找表",
  "one level": "1 级",
  "{0} levels": "{0} 级",
  "its 16-bit samples are {0}..{1} of 65535, of which {2} in 8 bits are left, as in OpenCV; --window {3},{4} keeps them":
    "16 位样本的取值为 65535 中的 {0}..{1}，与 OpenCV 一样转为 8 位后只剩 {2}；用 --window {3},{4} 可保留",
  "{0} needs regions: define them by --threshold, as otsu": "{0} 需要区域：请用 --threshold 定义，例如 otsu",
  "{0} unused ({1}{2}): {3}": "未使用 {0}（{1}{2}）：{3}",
  "{0} holds another map of an earlier run: --force replaces it, or give other names with --name":
    "{0} 是先前运行的另一张热力图：用 --force 覆盖，或用 --name 另行命名",
  "UTF-8 with a byte order mark": "带字节顺序标记的 UTF-8",
  "UTF-16 (little-endian)": "UTF-16（小端）",
  "UTF-16 (big-endian)": "UTF-16（大端）",
  "an embedding of {0} values, L2 norm {1}": "{0} 个值的嵌入向量，L2 范数 {1}",
};
