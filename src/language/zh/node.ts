/** @file Chinese messages of Node: files, pictures and adapters. */

import type { Catalogue } from "../say.js";

export const node: Catalogue = {
  "apt install -t bookworm-backports mesa-vulkan-drivers libvulkan1 (scripts/install-lavapipe.sh adds that suite)":
    "apt install -t bookworm-backports mesa-vulkan-drivers libvulkan1（scripts/install-lavapipe.sh 会添加该软件源）",
  "a software adapter; a GPU is far faster: {0}": "软件适配器；GPU 要快得多：{0}",
  "the slower software adapter; a faster one: {0}; far faster, a GPU: {1}":
    "较慢的软件适配器；更快的：{0}；用 GPU 快得多：{1}",
  "macOS offers its GPU through Metal, in a session with access to it":
    "macOS 通过 Metal 提供 GPU，须在能访问 GPU 的会话中运行",
  "install the graphics driver of the GPU's maker": "请安装 GPU 厂商的显卡驱动",
  "a container also needs --gpus all -e NVIDIA_DRIVER_CAPABILITIES=all":
    "容器还需要 --gpus all -e NVIDIA_DRIVER_CAPABILITIES=all",
  "an NVIDIA GPU is here, but not its Vulkan driver: install libvulkan1 and the driver's Vulkan part ({0})":
    "有 NVIDIA GPU，但没有 Vulkan 驱动：请安装 libvulkan1 和驱动的 Vulkan 部分（{0}）",
  "install the Vulkan driver of the GPU's maker ({0})": "请安装 GPU 厂商的 Vulkan 驱动（{0}）",
  "install Mesa's Vulkan drivers (lavapipe), 24 or later, and the Vulkan loader":
    "请安装 Mesa 的 Vulkan 驱动（lavapipe，24 或更高版本）和 Vulkan loader",
  "no cache folder can be used ({0}); set GRADLENS_CACHE to a folder that only you can write to":
    "没有可用的缓存文件夹（{0}）；请把 GRADLENS_CACHE 设为只有您能写入的文件夹",
  "{0} belongs to another user": "{0} 属于其他用户",
  "other users may write to {0}": "其他用户可以写入 {0}",
  'the "webgpu" package cannot be loaded on {0}: {1}; it needs Linux with glibc, macOS or Windows':
    '"webgpu" 包在 {0} 上无法加载：{1}；它需要使用 glibc 的 Linux、macOS 或 Windows',
  "the embedded adapter supports Linux on x64 only, not {0}; use --adapter auto":
    "内置适配器只支持 x64 上的 Linux，不支持 {0}；请用 --adapter auto",
  "remove that folder to fetch it again, or set GRADLENS_CACHE to another":
    "删除该文件夹即可重新下载，或把 GRADLENS_CACHE 设为其他文件夹",
  "cannot load the embedded adapter from {0}: {1}; {2}": "无法从 {0} 加载内置适配器：{1}；{2}",
  "the embedded adapter in {0} is not used: {1}": "没有使用 {0} 中的内置适配器：{1}",
  "the embedded adapter in {0} is damaged ({1}): replacing it": "{0} 中的内置适配器已损坏（{1}）：正在替换",
  "fetching the embedded software adapter once, 68 MB, from npm's registry to {0}":
    "正在从 npm 仓库下载内置软件适配器（68 MB，只需一次）到 {0}",
  "{0} has no {1} in {2}": "{0} 在 {2} 中没有 {1}",
  "no GPU is visible to WebGPU{0}: {1}": "WebGPU 看不到 GPU{0}：{1}",
  'unknown adapter "{0}": auto, gpu, gpu:NAME, system or embedded':
    '未知的适配器 "{0}"：可用 auto、gpu、gpu:NAME、system 或 embedded',
  'no adapter is called "{0}"{1}': '没有名为 "{0}" 的适配器{1}',
  "no WebGPU adapter found: {0}": "没有找到 WebGPU 适配器：{0}",
  "no WebGPU adapter: {0}; the embedded one failed: {1}": "没有 WebGPU 适配器：{0}；内置适配器失败：{1}",
  "this system has no software Vulkan driver": "本系统没有软件 Vulkan 驱动",
  "the Mesa lavapipe installed here is not usable (Dawn needs 24 or later)":
    "这里安装的 Mesa lavapipe 不可用（Dawn 需要 24 或更高版本）",
  "no Vulkan driver found": "没有找到 Vulkan 驱动",
  " (available: {0})": "（可用：{0}）",
  "fetching {0} was aborted": "{0} 的下载已中止",
  "npm could not fetch {0}: {1}": "npm 无法下载 {0}：{1}",
  "npm pack {0} left no archive in {1}": "npm pack {0} 没有在 {1} 中留下归档",
  "{0} from the npm registry has the integrity {1}, not the expected {2}":
    "npm 仓库中的 {0} 的 integrity 为 {1}，而不是预期的 {2}",
  "npm is not on the PATH": "PATH 中没有 npm",
  "{0} is missing": "缺少 {0}",
  "{0} has {1} bytes, not {2}": "{0} 有 {1} 字节，而不是 {2}",
  "{0} has been changed": "{0} 已被改动",
  "the tar archive is cut off or damaged at byte {0}": "tar 包在字节 {0} 处不完整或已损坏",
  "cannot write {0}: {1}; {2}": "无法写入 {0}：{1}；{2}",
  "this is an unpacked torch.save file; pack it again: cd {0} && zip -0 -r w.pth {1}":
    "这是解包后的 torch.save 文件；请重新打包：cd {0} && zip -0 -r w.pth {1}",
  "this is a DeepSpeed checkpoint; join it: cd {0} && python zero_to_fp32.py . pytorch_model.bin":
    "这是 DeepSpeed 检查点；请合并：cd {0} && python zero_to_fp32.py . pytorch_model.bin",
  "a JAX checkpoint (Orbax)": "JAX 检查点（Orbax）",
  "a Core ML package (.mlpackage)": "Core ML 包（.mlpackage）",
  "this is {0}; supported are safetensors and PyTorch files": "这是 {0}；支持 safetensors 和 PyTorch 文件",
  ", as {0}{1}": "，例如 {0}{1}",
  "this is a folder; name the file in it{0}": "这是文件夹；请给出其中的文件{0}",
  'format "{0}" is not one of {1}': 'format "{0}" 不是 {1} 之一',
  "dpi {0}: give a number from {1} to {2}": "dpi {0}：请给出 {1} 到 {2} 的数",
  'cell "{0}"': 'cell "{0}"',
  'axis "{0}" is not one of {1}': 'axis "{0}" 不是 {1} 之一',
  "rows and columns are both {0}": "rows 和 columns 都是 {0}",
  "rows is {0}: give columns too, or columns alone": "rows 为 {0}：请同时给出 columns，或只给出 columns",
  "picture {0}": "图片 {0}",
  "model {0}": "模型 {0}",
  'colormap "{0}" is not one of {1}': 'colormap "{0}" 不是 {1} 之一',
  "this is a folder, not a file": "这是文件夹，不是文件",
  "a part of this path is a file, not a folder": "路径中有一部分是文件，不是文件夹",
  "permission denied": "权限不足",
  "the operation is not permitted": "不允许该操作",
  "the file system is read-only": "文件系统是只读的",
  "the disk is full": "磁盘已满",
  "the disk quota is used up": "磁盘配额已用完",
  "it exists already": "已存在",
  "the name is too long for this file system": "名称超出该文件系统的长度限制",
  "too many files are open": "打开的文件太多",
  "symbolic links lead round in a circle": "符号链接形成了循环",
  "it is in use": "正被占用",
  "the file is too large": "文件太大",
  "the path holds characters that no path may hold": "路径含有不允许的字符",
  "{0} is a pipe or a device: name a file": "{0} 是管道或设备：请给出文件",
  "opening a device": "打开设备",
  "Dawn lists the {0} adapter, but refuses it: update its driver, or use another adapter (--adapter)":
    "Dawn 列出了 {0} 适配器，却不能使用它：请更新驱动，或换用其他适配器（--adapter）",
  "cannot read the picture {0}: {1}": "无法读取图片 {0}：{1}",
  "{0} is empty: copy or download it again": "{0} 是空文件：请重新复制或下载",
  "{0} is {1}, which is not supported ({2} are); convert it to PNG":
    "{0} 是 {1}，不受支持（支持 {2}）；请转换为 PNG",
  "{0} is a {1}: a frame (--frame, frame) is for DICOM files":
    "{0} 是 {1}：帧（--frame，frame）只用于 DICOM 文件",
  "{0}: decoding this {1} exceeded the time limit: it may be damaged; save it again":
    "{0}：解码这个 {1} 超出了时间限制：可能已损坏；请重新保存",
  "save it as a PNG of 8 or 16 bits, grey or RGB": "请保存为 8 位或 16 位的灰度或 RGB PNG",
  "{0}: this TIFF is cut off or damaged: its pixels are not all in the file; copy or save it again":
    "{0}：这个 TIFF 不完整或已损坏：像素不全；请重新复制或保存",
  "{0}: this TIFF holds {1}; {2}": "{0}：这个 TIFF 含有{1}；{2}",
  "{0}: this {1} cannot be decoded": "{0}：这个 {1} 无法解码",
  "{0} ({1}): it may be cut off or damaged; save it again": "{0}（{1}）：可能不完整或已损坏；请重新保存",
  "{0}: it holds {1}; {2}": "{0}：它含有{1}；{2}",
  "its header is invalid": "文件头无效",
  "{0} samples in the colour space {1}": "色彩空间 {1} 中的 {0} 样本",
  "{0}: this {1} holds {2}; {3}": "{0}：这个 {1} 含有 {2}；{3}",
  "{0}: this {1} holds {2} samples a pixel; save it as a PNG, grey or RGB":
    "{0}：这个 {1} 每个像素有 {2} 个样本；请保存为灰度或 RGB 的 PNG",
  "{0} whose colours its alpha multiplies": "颜色预乘 alpha 的 {0}",
  "{0} of 8 bits": "8 位的 {0}",
  "{0} is a {1}: a window (--window, window) is for DICOM files and pictures of 16 bits without alpha":
    "{0} 是 {1}：窗口（--window，window）只用于 DICOM 文件和不带 alpha 的 16 位图片",
  "JPEG compression of the old kind": "旧式 JPEG 压缩",
  "JPEG XR compression": "JPEG XR 压缩",
  "NeXT compression": "NeXT 压缩",
  "ThunderScan compression": "ThunderScan 压缩",
  "JPEG 2000 compression": "JPEG 2000 压缩",
  "JBIG compression": "JBIG 压缩",
  "SGI log compression": "SGI log 压缩",
  "LERC compression": "LERC 压缩",
  "lossy JPEG compression of DNG": "DNG 的有损 JPEG 压缩",
  "LZMA compression": "LZMA 压缩",
  "ZSTD compression": "ZSTD 压缩",
  "PNG compression": "PNG 压缩",
  "Jetraw compression": "Jetraw 压缩",
  "JPEG XL compression": "JPEG XL 压缩",
  "PixTIFF compression": "PixTIFF 压缩",
  "a transparency mask": "透明蒙版",
  "CIE L*a*b* colours": "CIE L*a*b* 颜色",
  "ICC L*a*b* colours": "ICC L*a*b* 颜色",
  "ITU L*a*b* colours": "ITU L*a*b* 颜色",
  "a camera's raw mosaic": "相机的原始马赛克",
  "logarithmic luminance": "对数亮度",
  "logarithmic colours": "对数颜色",
  "a camera's raw colours": "相机的原始颜色",
  "YCbCr colours that are not compressed as JPEG": "未经 JPEG 压缩的 YCbCr 颜色",
  "complex integer": "复整数",
  "{0}samples of {1} bits": "{1} 位的{0}样本",
  "{0} samples a pixel": "每个像素 {0} 个样本",
  "grey samples multiplied by an alpha": "预乘 alpha 的灰度样本",
  "{0} planes of grey samples": "{0} 个平面的灰度样本",
  "{0}: pictures are written as .png, .jpg or .webp; end the name in one of them":
    "{0}：图片只能写成 .png、.jpg 或 .webp；请让文件名以其中之一结尾",
  "cannot write {0}: {1}; use another path": "无法写入 {0}：{1}；请使用其他路径",
};
