/** @file Containers that lie: distributed checkpoints, torch.export archives, joblib's arrays, tensors of several processes. */

import { describe, expect, it } from "vitest";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { fromBytes } from "../../src/checkpoint/source.js";
import {
  bytes,
  dict,
  global,
  int,
  pickle,
  reduce,
  storage,
  tensor,
  text,
  torchZip,
  tuple,
  zipFile,
} from "./pickle-bytes.js";

/** An object with attributes. */
const object = (module: string, name: string, ...attributes: Uint8Array[]) =>
  bytes(global(module, name), ")", 0x81, dict(...attributes), "b");

const refusal = (read: Promise<unknown>): Promise<string> =>
  read.then(
    () => "read",
    (error: Error) => error.message,
  );

const ones = new Uint8Array(new Float32Array(4).fill(1).buffer);
const PART = torchZip(pickle(tensor(storage("0", 4), 0, [4], [1])), { 0: ones });

describe("distributed checkpoints", () => {
  const METADATA = "torch.distributed.checkpoint.metadata";
  const counts = (numbers: readonly number[]) => tuple(...numbers.map(int));

  interface Lie {
    readonly size?: readonly number[];
    readonly chunks: readonly (readonly [offset: number, size: number])[];
    /** Of the parts that the index has; default: those of the chunks. */
    readonly offsets?: readonly number[];
    readonly path?: string;
    readonly length?: number;
  }

  const metadata = ({ size = [8], chunks, offsets, path = "a", length = PART.length }: Lie) =>
    pickle(
      object(
        METADATA,
        "Metadata",
        text("state_dict_metadata"),
        dict(
          text("w"),
          object(
            METADATA,
            "TensorStorageMetadata",
            text("properties"),
            bytes(global(METADATA, "TensorProperties"), ")", 0x81, tuple(global("torch", "float32")), "b"),
            text("size"),
            counts(size),
            text("chunks"),
            tuple(
              ...chunks.map(([offset, count]) =>
                object(
                  METADATA,
                  "ChunkStorageMetadata",
                  text("offsets"),
                  counts([offset]),
                  text("sizes"),
                  counts([count]),
                ),
              ),
            ),
          ),
        ),
        text("storage_data"),
        dict(
          ...(offsets ?? chunks.map(([offset]) => offset)).flatMap((offset) => [
            object(METADATA, "MetadataIndex", text("fqn"), text("w"), text("offset"), counts([offset])),
            object(
              "torch.distributed.checkpoint.filesystem",
              "_StorageInfo",
              text("relative_path"),
              text(path),
              text("offset"),
              int(0),
              text("length"),
              int(length),
            ),
          ]),
        ),
      ),
    );

  const read = async (lie: Lie): Promise<number[]> => {
    const openSibling = (name: string) => Promise.resolve(fromBytes(name, PART));
    const { tensors } = await readCheckpoint(fromBytes(".metadata", metadata(lie)), { openSibling });
    return [...(await tensors.get("w")!.floats())];
  };

  it("an honest distributed checkpoint is joined", async () => {
    expect(
      await read({
        chunks: [
          [0, 4],
          [4, 4],
        ],
      }),
    ).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it.each<[what: string, lie: Lie, line: RegExp]>([
    [
      "parts that overlap",
      {
        chunks: [
          [0, 4],
          [2, 4],
        ],
      },
      /"w" has parts that overlap/,
    ],
    ["parts that leave a gap", { chunks: [[0, 4]] }, /"w" is not whole: its parts hold 4 of 8 elements/],
    [
      "a part beyond the tensor",
      {
        chunks: [
          [0, 4],
          [6, 4],
        ],
      },
      /"w" has a part outside itself/,
    ],
    [
      "a part of other axes",
      {
        size: [2, 4],
        chunks: [
          [0, 4],
          [4, 4],
        ],
      },
      /"w" has a part outside itself/,
    ],
    [
      "a part that holds another tensor",
      {
        chunks: [
          [0, 3],
          [3, 5],
        ],
      },
      /holds another tensor than its \.metadata says/,
    ],
    [
      "a part that lies nowhere",
      {
        chunks: [
          [0, 4],
          [4, 4],
        ],
        offsets: [0, 3],
      },
      /does not locate all parts of "w"/,
    ],
    [
      "more parts than places",
      {
        chunks: [
          [0, 4],
          [4, 4],
        ],
        offsets: [0],
      },
      /does not locate all parts of "w"/,
    ],
    [
      "a part beyond its file",
      {
        chunks: [
          [0, 4],
          [4, 4],
        ],
        length: 1e12,
      },
      /is cut off/,
    ],
    [
      "a part in another folder",
      {
        chunks: [
          [0, 4],
          [4, 4],
        ],
        path: "../a",
      },
      /names no file beside it for/,
    ],
    [
      "two thousand parts",
      { size: [8000], chunks: Array.from({ length: 2000 }, (_, i) => [4 * i, 4] as const) },
      /"w" lies in more than 1024 parts/,
    ],
    [
      "a tensor of 2^60 elements",
      { size: [2 ** 60], chunks: [[0, 2 ** 60]] },
      /size is not a list of counts|impossible size|bytes, more than its file can mean/,
    ],
  ])("a distributed checkpoint is refused: %s", async (_, lie, line) => {
    expect(await refusal(read(lie))).toMatch(line);
  });

  it("--strict-pickle refuses a distributed checkpoint that names harmful functions", async () => {
    const openSibling = (name: string) => Promise.resolve(fromBytes(name, PART));
    const planned = dict(text("planner_data"), reduce(global("os", "system"), text("id")));
    const file = pickle(bytes(global(METADATA, "Metadata"), ")", 0x81, planned, "b"));
    expect(await refusal(readCheckpoint(file, { openSibling, strictPickle: true }))).toMatch(
      /names "os\.system".*refused by --strict-pickle/,
    );
  });

  it("a distributed checkpoint without tensors is refused", async () => {
    const openSibling = (name: string) => Promise.resolve(fromBytes(name, PART));
    const file = fromBytes(
      ".metadata",
      pickle(object(METADATA, "Metadata", text("storage_data"), dict(text("w"), int(1)))),
    );
    expect(await refusal(readCheckpoint(file, { openSibling }))).toMatch(
      /not a valid index of a distributed checkpoint/,
    );
  });
});

describe("torch.export archives", () => {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const archive = (config: unknown, graph: unknown = {}) =>
    zipFile([
      { name: "a/archive_format", data: bytes("pt2") },
      { name: "a/models/model.json", data: json(graph) },
      { name: "a/data/weights/model_weights_config.json", data: json(config) },
      { name: "a/data/weights/weight_0", data: ones },
    ]);
  const described = (change: object = {}, meta: object = {}) => ({
    config: {
      w: {
        path_name: "weight_0",
        use_pickle: false,
        tensor_meta: {
          dtype: 7,
          sizes: [{ as_int: 4 }],
          strides: [{ as_int: 1 }],
          storage_offset: { as_int: 0 },
          layout: 7,
          ...meta,
        },
        ...change,
      },
    },
  });
  const read = async (config: unknown, graph?: unknown) => {
    const { tensors } = await readCheckpoint(archive(config, graph));
    return [...(await tensors.get("w")!.floats())];
  };

  it("an honest torch.export archive is read, whatever its graph", async () => {
    for (const graph of [
      {},
      [],
      1,
      { graph_module: { graph: { nodes: [1, {}, { metadata: { nn_module_stack: ";;," } }] } } },
    ])
      expect(await read(described(), graph)).toEqual([1, 1, 1, 1]);
  });

  it.each<[what: string, config: unknown, line: RegExp]>([
    ["no config", [], /does not describe its weights/],
    ["no tensor", { config: { w: 1 } }, /does not describe tensor "w"/],
    [
      "a record that is not there",
      described({ path_name: "../a" }),
      /has no record "a\/data\/weights\/\.\.\/a"/,
    ],
    [
      "a tensor beyond its record",
      described({}, { sizes: [{ as_int: 5 }] }),
      /"w" reaches beyond its storage/,
    ],
    ["a negative stride", described({}, { strides: [{ as_int: -1 }] }), /stride is not a list of counts/],
    [
      "a size that is an expression",
      described({}, { sizes: [{ as_expr: "s0" }] }),
      /size is not a list of counts/,
    ],
    [
      "more strides than axes",
      described({}, { strides: [{ as_int: 1 }, { as_int: 1 }] }),
      /another number of strides/,
    ],
    ["an unknown dtype", described({}, { dtype: 99 }), /"w" of an unknown dtype/],
    ["a pickled tensor", described({ use_pickle: true }), /"w" is pickled inside the archive/],
  ])("a torch.export archive is refused: %s", async (_, config, line) => {
    expect(await refusal(read(config))).toMatch(line);
  });

  it("a torch.export archive with compiled code is named", async () => {
    const file = zipFile([
      { name: "a/archive_format", data: bytes("pt2") },
      { name: "a/data/aotinductor/model/x.so", data: ones },
    ]);
    expect(await refusal(readCheckpoint(file))).toMatch(/is a compiled \.pt2 package/);
  });
});

describe("joblib's arrays", () => {
  const array = (shape: readonly number[], code = "f4", ...after: (string | number | Uint8Array)[]) =>
    bytes(
      object(
        "joblib.numpy_pickle",
        "NumpyArrayWrapper",
        text("shape"),
        tuple(...shape.map(int)),
        text("order"),
        text("C"),
        text("dtype"),
        reduce(global("numpy", "dtype"), text(code), 0x89, 0x88),
        text("numpy_array_alignment_bytes"),
        int(16),
      ),
      ...after,
    );

  it("honest arrays of joblib are read", async () => {
    const { tensors } = await readCheckpoint(
      pickle(dict(text("w"), array([2], "f4", 3, "xxx", ones.subarray(0, 8)))),
    );
    expect([...(await tensors.get("w")!.floats())]).toEqual([1, 1]);
  });

  it.each([
    ["an array longer than its file", array([1e9]), /cut off or damaged/],
    ["an array of 2^60 numbers", array([2 ** 30, 2 ** 30]), /a joblib array without numbers/],
    ["an array of objects", array([1], "O8"), /a joblib array without numbers/],
    ["padding that leads beyond the file", array([1], "f4", 255), /cut off or damaged/],
  ])("an array of joblib is refused: %s", async (_, evil, line) => {
    expect(await refusal(readCheckpoint(pickle(dict(text("w"), evil))))).toMatch(line);
  });
});

describe("tensors of several processes", () => {
  const wrapper = (cls: string, state: Uint8Array | string) =>
    reduce(
      global("torch._tensor", "_rebuild_from_type_v2"),
      global("torch._utils", "_rebuild_wrapper_subclass"),
      global("torch.distributed.tensor", cls),
      tuple(
        global("torch.distributed.tensor", cls),
        global("torch", "float32"),
        tuple(int(4)),
        tuple(int(1)),
        int(0),
      ),
      state,
    );
  const local = tensor(storage("0", 4), 0, [4], [1]);
  const placed = (placement: string) =>
    dict(
      text("_local_tensor"),
      local,
      text("_spec"),
      object(
        "torch.distributed.tensor._dtensor_spec",
        "DTensorSpec",
        text("placements"),
        tuple(bytes(global("torch.distributed.tensor.placement_types", placement), ")", 0x81)),
      ),
    );
  const read = async (value: Uint8Array) => {
    const { tensors } = await readCheckpoint(torchZip(pickle(dict(text("w"), value)), { 0: ones }));
    return [...(await tensors.get("w")!.floats())];
  };

  it("tensors of several processes are read where one process has all", async () => {
    for (const placement of ["Shard", "Replicate"])
      expect(await read(wrapper("DTensor", placed(placement)))).toEqual([1, 1, 1, 1]);
  });

  it.each<[what: string, value: Uint8Array, line: RegExp]>([
    ["a part of a sum", wrapper("DTensor", placed("Partial")), /"w" is one process's part of a sum/],
    ["no state", wrapper("DTensor", "N"), /"w" is a DTensor without a tensor/],
    [
      "no placement",
      wrapper("DTensor", dict(text("_local_tensor"), local)),
      /is a DTensor without placements/,
    ],
    [
      "another wrapper",
      wrapper("Evil", placed("Shard")),
      /"w" is of the class "torch\.distributed\.tensor\.Evil"/,
    ],
  ])("tensors of several processes are refused: %s", async (_, value, line) => {
    expect(await refusal(read(value))).toMatch(line);
  });
});

describe("modules behind calls", () => {
  const weight = tensor(storage("0", 4), 0, [4], [1]);
  const module = object(
    "m",
    "Module",
    text("_modules"),
    dict(),
    text("_parameters"),
    dict(text("w"), weight),
  );
  const keys = async (value: Uint8Array) => [
    ...(await readCheckpoint(torchZip(pickle(value), { 0: ones }))).tensors.keys(),
  ];

  it("modules are read behind methods that saving forgot to call, and behind no other call", async () => {
    const getattr = global("builtins", "getattr");
    expect(await keys(reduce(getattr, module, text("state_dict")))).toEqual(["w"]);
    expect(await keys(reduce(getattr, module, text("__class__")))).toEqual([]);
    expect(await keys(reduce(getattr, global("os", "x"), text("state_dict")))).toEqual([]);
    expect(await keys(reduce(global("torch._dynamo.eval_frame", "OptimizedModule"), module, "N"))).toEqual([
      "w",
    ]);
    expect(await keys(reduce(global("torch._dynamo.eval_frame", "OptimizedModule")))).toEqual([]);
  });
});
