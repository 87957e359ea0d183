/** @file Chinese messages of values of options. */

import type { Catalogue } from "../say.js";

export const settings: Catalogue = {
  'language "{0}" is not one of {1}': '语言 "{0}" 不是 {1} 之一',
  '{0} is a switch and has no value ("{1}")': '{0} 是开关，不带值（"{1}"）',
  '{0} "{1}": a comma with nothing beside it': '{0} "{1}"：逗号旁边没有内容',
  '{0} "{1}" is not one of {2}{3}': '{0} "{1}" 不是 {2} 之一{3}',
  "less than {0}": "小于 {0}",
  " from {0} to {1}": "（{0} 到 {1}）",
  ", or {0}": "，或 {0}",
  '{0} "{1}": give a {2}number{3}{4}': '{0} "{1}"：请给出一个{2}数{3}{4}',
  "whole ": "整",
  '{0} "{1}": give one side in pixels (224) or HEIGHTxWIDTH (320x256)':
    '{0} "{1}"：请给出以像素为单位的边长（224）或 HEIGHTxWIDTH（320x256）',
  '{0} "{1}": give bytes, as 500M or 2G (powers of 1000), or 512MiB (of 1024)':
    '{0} "{1}"：请给出字节数，例如 500M 或 2G（1000 的幂），或 512MiB（1024 的幂）',
  "is empty": "是空文件",
  "has no name for class {0}": "没有类别 {0} 的名称",
  "labels {0} {1}: give one name for each class, in order": "标签 {0} {1}：请按顺序为每个类别给出一个名称",
  "labels {0}: {1}": "标签 {0}：{1}",
  'JSON must hold an array of names, or an object of index and name, as {"0": "cat", "1": "dog"} or {"cat": 0, "dog": 1}':
    'JSON 必须是名称数组，或由序号和名称组成的对象，例如 {"0": "cat", "1": "dog"} 或 {"cat": 0, "dog": 1}',
  "keys and values are both 0, 1, 2, ..., so either may be the names; give an array of names":
    "键和值都是 0, 1, 2, ...，无法分辨哪个是名称；请给出名称数组",
  "{0} and {1} both have the index {2}; give each class an index of its own":
    "{0} 和 {1} 的序号都是 {2}；请为每个类别给出各自的序号",
  "its indexes begin at 1; classes are counted from 0, in the order of the model's outputs":
    "序号从 1 开始；类别按模型输出的顺序从 0 开始计数",
  "no class has the index {0}, but the file has {1}; give one name for each index from 0":
    "没有类别的序号是 {0}，却共有 {1} 个；请从 0 开始为每个序号给出一个名称",
  "{0} occurs twice; give each class once": "{0} 出现了两次；每个类别只能给出一次",
  "--{0} has {1} values: give 3, or 1 for all channels":
    "--{0} 有 {1} 个值：请给出 3 个，或用 1 个表示全部通道",
  "--std {0}: give values above 0": "--std {0}：请给出大于 0 的值",
  "{0} and {1} contradict each other: norm stands for mean and std":
    "{0} 与 {1} 互相矛盾：norm 就代表 mean 和 std",
  "--window {0}: give a centre and a width above 0, as 40,400":
    "--window {0}：请给出窗位和大于 0 的窗宽，例如 40,400",
  "{0} is not JSON ({1}): fix or remove it": "{0} 不是 JSON（{1}）：请修正或删除它",
  '{0} must hold an object of options, as {"size": 224, "labels": "labels.txt"}':
    '{0} 必须是选项的对象，例如 {"size": 224, "labels": "labels.txt"}',
  '{0}: "{1}" is not an option for a settings file{2}': '{0}："{1}" 不是设置文件的选项{2}',
  '{0}: "{1}" has a value of the wrong kind (lists in lists)': '{0}："{1}" 的值类型不对（列表中嵌套列表）',
  '{0}: "{1}" has a value of the wrong kind ({2})': '{0}："{1}" 的值类型不对（{2}）',
  "{0}: this is not text in UTF-8, UTF-16 or GB18030 (GBK); save it as UTF-8":
    "{0}：这不是 UTF-8、UTF-16 或 GB18030（GBK）编码的文本；请另存为 UTF-8",
};
