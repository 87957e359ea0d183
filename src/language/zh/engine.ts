/** @file Chinese messages of the graph and the GPU. */

import type { Catalogue } from "../say.js";

export const engine: Catalogue = {
  "{0} was aborted": "{0}已中止",
  "grad: the seed is {0}, the value {1}": "grad：seed 的形状是 {0}，值的形状是 {1}",
  "{0} needs {1} inputs, got {2}": "{0} 需要 {1} 个输入，实际有 {2} 个",
  "a leaf has no shape rule (inputs {0})": "叶节点没有形状规则（输入 {0}）",
  "conv2d of [batch, height, width, channels] {0} with weight {1} in {2} groups":
    "对 [batch, height, width, channels] {0} 做 conv2d，权重为 {1}，分为 {2} 组",
  "conv2d: a {0}x{1} kernel does not fit on {2}x{3} pixels; the picture is too small":
    "conv2d：{0}x{1} 的卷积核放不进 {2}x{3} 像素；图片太小",
  "reshape of {0} to {1}": "把 {0} reshape 为 {1}",
  "slice {0}..{1} of axis {2} of {3}": "对 {3} 的第 {2} 轴取切片 {0}..{1}",
  "concat along axis {0} of {1}": "沿第 {0} 轴拼接 {1}",
  "broadcast of {0} to {1}": "把 {0} 广播为 {1}",
  "matmul needs matrices, got {0}": "matmul 需要矩阵，实际是 {0}",
  "matmul of {0}{1} and {2}{3}: inner sizes {4} and {5} differ":
    "{0}{1} 与 {2}{3} 做 matmul：内侧维度 {4} 与 {5} 不同",
  "attention of q {0}, k {1}, v {2}": "q {0}、k {1}、v {2} 的注意力",
  "resample of axis {0} of {1} by a map of {2}": "用 {2} 的映射对 {1} 的第 {0} 轴重采样",
  "{0} of {1} and {2}: the latter should be {3}x{4}": "{0}：{1} 与 {2}，后者应为 {3}x{4}",
  "shapes {0} do not broadcast": "形状 {0} 无法广播",
  " and ": " 与 ",
  "axis {0} of a value of rank {1}": "秩为 {1} 的值没有第 {0} 轴",
  "substitute: {0} in the place of {1}": "substitute：用 {0} 代替 {1}",
  "the adapter {0} gives no device: {1}": "适配器 {0} 没有提供设备：{1}",
  "this plan's memory": "该执行计划的内存",
  "{0} needs a buffer of {1}; this adapter binds at most {2}. Use a smaller --size or --batch-size, or fewer targets at once.":
    "{0} 需要 {1} 的缓冲区；该适配器最多绑定 {2}。请减小 --size 或 --batch-size，或减少同时解释的目标。",
  "the GPU": "GPU",
  "the GPU device was lost ({0}). Open a new device and load the model again.":
    "GPU 设备已丢失（{0}）。请重新打开设备并加载模型。",
  "the GPU failed: {0}": "GPU 出错：{0}",
  "{0}: the GPU has no memory left. Use a smaller --size or --batch-size, or fewer targets at once.":
    "{0}：GPU 内存已用尽。请减小 --size 或 --batch-size，或减少同时解释的目标。",
  "{0}: shader {1} does not compile here: {2}": "{0}：着色器 {1} 在这里无法编译：{2}",
  "the run": "运行",
  "reading results": "读回结果",
  "the weights' memory": "权重的内存",
  "the checkpoint's tensors": "检查点的张量",
};
