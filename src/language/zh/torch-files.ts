/** @file Chinese messages of files of PyTorch. */

import type { Catalogue } from "../say.js";

export const torchFiles: Catalogue = {
  "ends at byte {0}, in the middle of its pickle: it is cut off or damaged":
    "在字节 {0} 处结束，pickle 尚未读完：文件不完整或已损坏",
  "more objects than any checkpoint has": "对象数超过任何检查点",
  "more opcodes than any checkpoint has": "操作码数超过任何检查点",
  "a stack of more than {0} values": "栈中超过 {0} 个值",
  "an opcode that takes from an empty stack": "从空栈取值的操作码",
  "more than {0} marks": "超过 {0} 个标记",
  "an opcode whose mark is missing": "缺少标记的操作码",
  "a memo entry {0} that was never made": "从未创建过的 memo 项 {0}",
  "an invalid memo index": "无效的 memo 序号",
  "a negative length": "负的长度",
  "a name that is not text": "不是文本的名称",
  "an object without a class": "没有类的对象",
  "pickle protocol {0}; 0 to 5 are supported": "pickle 协议 {0}（支持 0 到 5）",
  "a string without its quotes": "缺少引号的字符串",
  "a character beyond Unicode": "超出 Unicode 的字符",
  "an integer of {0} digits": "{0} 位的整数",
  "an invalid integer": "无效的整数",
  "an integer of {0} bytes": "{0} 字节的整数",
  "an invalid number": "无效的数",
  "an unknown opcode ({0})": "未知的操作码（{0}）",
  "at byte {0} its pickle has {1}: the file is damaged or not a checkpoint":
    "在字节 {0} 处，pickle 含有{1}：文件已损坏，或不是检查点",
  "a tensor whose {0} is not a count": "{0} 不是非负整数的张量",
  "a tensor whose {0} is not a list of counts": "{0} 不是非负整数列表的张量",
  "describes {0}: it is damaged": "描述的是{0}：文件已损坏",
  "lies in more than {0} parts": "分布在超过 {0} 个部分中",
  "has a part outside itself: the file is damaged": "有一部分超出自身范围：文件已损坏",
  "is not whole: its parts hold {0} of {1} elements": "不完整：各部分共有 {0} 个元素，应有 {1} 个",
  "has parts that overlap: the file is damaged": "各部分互相重叠：文件已损坏",
  "an opcode that appends to a value other than a list": "对列表以外的值做追加的操作码",
  "a key without a value": "没有值的键",
  "an opcode that sets items of a value other than a dict": "对字典以外的值设置条目的操作码",
  "is the index of a distributed checkpoint; {0}": "是分布式检查点的索引；{0}",
  "PyTorch distributed checkpoint, in {0}": "PyTorch 分布式检查点，分为 {0}",
  "{0} files": "{0} 个文件",
  "is compressed in the folder: {0}": "在该文件夹中是压缩存放的：{0}",
  "is cut off: it should have at least {0} bytes, it has {1}; copy it again":
    "不完整：应至少有 {0} 字节，实际只有 {1} 字节；请重新复制",
  "does not locate all parts of {0}: it is damaged": "没有给出 {0} 所有部分的位置：文件已损坏",
  "holds another tensor than its .metadata says for {0}: it is damaged":
    "存放的张量与 .metadata 中 {0} 的描述不符：文件已损坏",
  "join it: python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER w.pth":
    "请合并：python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER w.pth",
  "is not a valid index of a distributed checkpoint: it is damaged": "不是有效的分布式检查点索引：文件已损坏",
  "names no file beside it for {0}; {1}": "没有为 {0} 指明同目录下的文件；{1}",
  place: "位置",
  length: "长度",
  "save get_model_state_dict(model, options=StateDictOptions(full_state_dict=True)) of torch.distributed.checkpoint.state_dict instead":
    "请改为保存 torch.distributed.checkpoint.state_dict 的 get_model_state_dict(model, options=StateDictOptions(full_state_dict=True))",
  "is of the class {0}, which keeps its numbers in other tensors: save plain tensors instead":
    "属于类 {0}，其数值存放在其他张量中：请改为保存普通张量",
  "is a DTensor without a tensor of its own process": "是不含本进程张量的 DTensor",
  "is a DTensor without placements": "是没有 placements 的 DTensor",
  "is one process's part of a sum (a DTensor placed as Partial): {0}":
    "是求和中某个进程的部分（placement 为 Partial 的 DTensor）：{0}",
  "is a ShardedTensor without a shard of its own process": "是不含本进程分片的 ShardedTensor",
  "is one process's shard ([{0}] of [{1}]): {2}": "是某个进程的分片（[{1}] 中的 [{0}]）：{2}",
  'save its weights: torch.save(torch.export.load(FILE).state_dict, "w.pth")':
    '请保存其权重：torch.save(torch.export.load(FILE).state_dict, "w.pth")',
  "has no record {0}: it is damaged": "没有记录 {0}：文件已损坏",
  "has a record {0} of more bytes than any network needs": "其记录 {0} 的字节数超过任何网络所需",
  "its record {0}": "其记录 {0}",
  "does not describe its weights: it is damaged": "没有描述自己的权重：文件已损坏",
  "does not describe tensor {0}: it is damaged": "没有描述张量 {0}：文件已损坏",
  "has tensor {0} of an unknown dtype; {1}": "张量 {0} 的 dtype 未知；{1}",
  offset: "偏移",
  "is pickled inside the archive: save a plain tensor": "在归档中以 pickle 存放：请保存普通张量",
  "has tensor {0} with another number of strides: it is damaged": "张量 {0} 的 strides 数目不符：文件已损坏",
  "of its graph only the modules' settings were compared with the architecture; check the result with `gradlens verify`":
    "对它的计算图，只将各模块的设置与网络结构作了比对；请用 `gradlens verify` 检查结果",
  "holds {0} networks; {1}": "含有 {0} 个网络；{1}",
  "is a compiled .pt2 package (AOTInductor), not a network with its weights; give the model's state dict":
    "是编译后的 .pt2 包（AOTInductor），而不是带权重的网络；请给出模型的 state dict",
  "is not of torch.save's protocol {0}: it is damaged, or of a PyTorch before 0.1.10":
    "不是 torch.save 的协议 {0}：文件已损坏，或来自 0.1.10 之前的 PyTorch",
  "PyTorch (legacy, before 1.6)": "PyTorch（旧格式，1.6 之前）",
  "has its numbers in another file": "的数值在另一个文件中",
  "{0}: it is damaged": "{0}：文件已损坏",
  "has no list of its storages": "没有 storage 列表",
  "lists a storage that nothing uses, or lists one twice": "列出了没有用到的 storage，或重复列出同一个",
  "is cut off: storage {0} ends at byte {1}, the file at {2}; copy or download it again":
    "不完整：storage {0} 应在字节 {1} 处结束，文件只到 {2}；请重新复制或下载",
  "says at byte {0} that a storage has {1} elements, its pickle says {2}: it is damaged":
    "在字节 {0} 处称某个 storage 有 {1} 个元素，而 pickle 称有 {2} 个：文件已损坏",
  "is quantised: save the model before quantisation": "是量化的：请保存量化之前的模型",
  "holds pairs of 4-bit floats, which no supported model uses":
    "存放成对的 4 位浮点数，任何受支持的模型都不会用到",
  "a numpy array without its state": "没有状态的 numpy 数组",
  "a joblib array without numbers": "没有数值的 joblib 数组",
  'save the model: torch.save(model.state_dict(), "w.pth")':
    '请保存模型：torch.save(model.state_dict(), "w.pth")',
  "join its parts in the folder that DeepSpeed wrote: python zero_to_fp32.py . pytorch_model.bin":
    "请在 DeepSpeed 写出的文件夹中合并各部分：python zero_to_fp32.py . pytorch_model.bin",
  "holds a quantised model ({0}), which rounds its numbers and so is another network than the float one; give the float model, saved before quantisation":
    "是量化模型（{0}），其数值经过舍入，与浮点网络不是同一个网络；请给出量化之前保存的浮点模型",
  "holds an optimizer's state and no weights; {0}": "只有优化器状态，没有权重；{0}",
  "holds an optimizer's state ({0}) and no weights; {1}": "只有优化器状态（{0}），没有权重；{1}",
  "is one process's part of DeepSpeed's optimizer, and no weights; {0}":
    "是 DeepSpeed 优化器中某个进程的部分，没有权重；{0}",
  "is a DeepSpeed ZeRO-3 file whose weights lie in parts in other files; {0}":
    "是 DeepSpeed ZeRO-3 文件，权重分散在其他文件中；{0}",
  "holds FSDP's parameters joined in one tensor ({0}), without their positions; {1}":
    "把 FSDP 的参数合并在一个张量中（{0}），没有各自的位置；{1}",
  "is a Paddle state dict, with other names for BatchNorm's statistics and transposed Linear weights; convert it to PyTorch's state dict":
    "是 Paddle 的 state dict，BatchNorm 统计量的名称不同，Linear 权重是转置的；请转换为 PyTorch 的 state dict",
  "a storage without a key": "没有键的 storage",
  "a storage without a class": "没有类的 storage",
  "a storage of the unknown class {0}": "未知类 {0} 的 storage",
  "storage's length": "storage 的长度",
  "storage's offset": "storage 的偏移",
  "has an invalid storage at byte {0}: it is damaged": "在字节 {0} 处有无效的 storage：文件已损坏",
  "warning: its pickle names {0}{1}, which weights do not need and exploits use; nothing of it was run":
    "警告：它的 pickle 提到 {0}{1}，权重不需要它们，而攻击代码会用到；没有执行其中任何内容",
  "its {0} is used; it also holds {1} (chosen with --state-dict)":
    "使用了其中的 {0}；文件还含有 {1}（用 --state-dict 选择）",
  "its pickle names {0}, which weights do not need; refused by --strict-pickle":
    "它的 pickle 提到 {0}，权重不需要它；已被 --strict-pickle 拒绝",
  "has a numpy array with fewer numbers than its shape says": "含有的 numpy 数组，其数值少于形状所示",
  "a tensor without a storage": "没有 storage 的张量",
  "a tensor with another number of strides than dimensions": "strides 数目与维数不同的张量",
  "a tensor of an unknown dtype": "dtype 未知的张量",
  "is a lazily negated or conjugated view: save it after .resolve_neg()":
    "是惰性取负或取共轭的视图：请在 .resolve_neg() 之后保存",
  "is sparse: save it after .to_dense()": "是稀疏张量：请在 .to_dense() 之后保存",
  "is a nested tensor, which no supported model uses": "是嵌套张量，任何受支持的模型都不会用到",
  "is on PyTorch's meta device, so the file has no numbers for it":
    "在 PyTorch 的 meta 设备上，因此文件中没有它的数值",
  "has no state dict {0}: there {1}": "没有 state dict {0}：其中{1}",
  "are {0}": "有 {0}",
  "is nothing with a name": "没有任何有名称的内容",
  "has no weights at {0}": "在 {0} 处没有权重",
  "holds values inside values without end: it is not a checkpoint": "值的嵌套没有尽头：这不是检查点",
  "has an impossible size": "的大小不可能",
  "has no storage in the file": "在文件中没有 storage",
  "claims {0} bytes, more than its file can mean": "声称有 {0} 字节，超过文件所能表示",
  "reaches beyond its storage: it needs {0} bytes, but the file has {1}":
    "超出了自己的 storage：需要 {0} 字节，但文件只有 {1} 字节",
  "it was saved as a torch.fx GraphModule, whose own code was not compared with the architecture; check the result with `gradlens verify`":
    "它保存为 torch.fx GraphModule，其自身的代码没有与网络结构比对；请用 `gradlens verify` 检查结果",
  "it has no named parameters: torch.jit.freeze made nameless constants of them; give a file that was saved before freezing":
    "它没有带名称的参数：torch.jit.freeze 把它们变成了无名常量；请给出冻结之前保存的文件",
  "its code could not be followed: in what order its modules are called was not checked":
    "无法跟踪它的代码：没有检查各模块的调用顺序",
  "PyTorch (zip, 1.6 or later)": "PyTorch（zip，1.6 及以后）",
  "has no record in the archive": "在归档中没有记录",
  "a storage of {0} bytes whose record has {1}": "{0} 字节的 storage，其记录却有 {1} 字节",
  "is {0}": "是 {0}",
  "a TorchScript archive of PyTorch 1.0, too old to be read; save it again with a newer one":
    "PyTorch 1.0 的 TorchScript 归档，格式过旧无法读取；请用较新的版本重新保存",
  "a NumPy .npz archive; supported are safetensors and PyTorch files":
    "NumPy .npz 归档；支持 safetensors 和 PyTorch 文件",
  "a Keras model; supported are safetensors and PyTorch files":
    "Keras 模型；支持 safetensors 和 PyTorch 文件",
  "a zip archive that holds {0}: unpack it first": "含有 {0} 的 zip 归档：请先解压",
  "a zip archive, but not one that PyTorch wrote; supported are safetensors and PyTorch files":
    "zip 归档，但不是 PyTorch 写的；支持 safetensors 和 PyTorch 文件",
  "is cut off: a zip archive ends with its directory, which is missing; copy or download it again":
    "不完整：zip 归档末尾应有目录，这里缺失；请重新复制或下载",
  "has a zip directory that reaches beyond its end: it is cut off or damaged":
    "的 zip 目录超出文件末尾：文件不完整或已损坏",
  "has a zip directory of {0} bytes, more than any checkpoint has": "的 zip 目录有 {0} 字节，超过任何检查点",
  "has a zip64 record beyond its end: it is cut off or damaged":
    "的 zip64 记录超出文件末尾：文件不完整或已损坏",
  "has no zip64 record at the stated offset: it is damaged": "在所述偏移处没有 zip64 记录：文件已损坏",
  "has a damaged zip directory (byte {0})": "的 zip 目录已损坏（字节 {0}）",
  "has an encrypted zip entry {0}: unpack it first": "的 zip 条目 {0} 是加密的：请先解压",
  "has a zip entry {0} that reaches into the directory: it is damaged":
    "的 zip 条目 {0} 伸入目录区：文件已损坏",
  "has a zip entry {0} that {1}: it is damaged": "的 zip 条目 {0} {1}：文件已损坏",
  "overlaps the next": "与下一条目重叠",
  "has two sizes": "有两个大小",
  "claims to grow from {0} to {1} bytes": "声称从 {0} 字节膨胀到 {1} 字节",
  "is there twice": "出现了两次",
  "has a zip entry {0} that {1}": "的 zip 条目 {0} {1}",
  "has {0} bytes where {1} are needed: it is damaged": "有 {0} 字节，而需要 {1} 字节：已损坏",
  "is compressed by method {0}; stored and deflated ones can be read":
    "的压缩方法是 {0}；只能读取存储和 deflate 两种",
  "inflates to {0} bytes, more than any checkpoint's pickle has":
    "解压后有 {0} 字节，超过任何检查点的 pickle",
  "is not where the directory says: it is damaged": "不在目录所说的位置：已损坏",
  "overlaps the next: it is damaged": "与下一条目重叠：已损坏",
  "inflates to more than the {0} bytes it claims": "解压后超过它声称的 {0} 字节",
  "does not inflate: it is damaged": "无法解压：已损坏",
  "inflates to {0} bytes, not the {1} it claims: it is damaged":
    "解压后有 {0} 字节，而不是声称的 {1} 字节：已损坏",
};
