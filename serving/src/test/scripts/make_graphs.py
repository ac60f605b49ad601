"""Makes the small ONNX graphs of the tests of models that take tensors: the two that every server of the protocol is tried with,
one for each element type, and those whose outputs are no tensors.

Run: python make_graphs.py ../resources/dev/millwright/serving/graphs
Needs: onnx.
"""
import sys
from pathlib import Path

import onnx
from onnx import TensorProto, helper

OUT = Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
ML = "ai.onnx.ml"


def tensor(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def save(name, nodes, inputs, outputs, initializers=(), opsets=None, check=True):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(initializers))
    opsets = opsets or [("", 18), (ML, 3)]
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid(*each) for each in opsets], ir_version=9)
    if check:
        onnx.checker.check_model(model)
    (OUT / f"{name}.onnx").write_bytes(model.SerializeToString())


# Sum and difference of two rows of sixteen.
save(
    "simple",
    [helper.make_node("Add", ["INPUT0", "INPUT1"], ["OUTPUT0"]), helper.make_node("Sub", ["INPUT0", "INPUT1"], ["OUTPUT1"])],
    [tensor(f"INPUT{i}", TensorProto.INT32, ["N", 16]) for i in (0, 1)],
    [tensor(f"OUTPUT{i}", TensorProto.INT32, ["N", 16]) for i in (0, 1)],
)

# The same of numbers that are written out.
to_int = lambda source, target: helper.make_node("Cast", [source], [target], to=TensorProto.INT32)
to_text = lambda source, target: helper.make_node("Cast", [source], [target], to=TensorProto.STRING)
save(
    "simple_string",
    [
        to_int("INPUT0", "a"), to_int("INPUT1", "b"),
        helper.make_node("Add", ["a", "b"], ["sum"]), helper.make_node("Sub", ["a", "b"], ["difference"]),
        to_text("sum", "OUTPUT0"), to_text("difference", "OUTPUT1"),
    ],
    [tensor(f"INPUT{i}", TensorProto.STRING, ["N", 16]) for i in (0, 1)],
    [tensor(f"OUTPUT{i}", TensorProto.STRING, ["N", 16]) for i in (0, 1)],
)

TYPES = {
    "bool": TensorProto.BOOL, "uint8": TensorProto.UINT8, "int8": TensorProto.INT8, "int16": TensorProto.INT16,
    "int32": TensorProto.INT32, "int64": TensorProto.INT64, "fp16": TensorProto.FLOAT16, "bf16": TensorProto.BFLOAT16,
    "fp32": TensorProto.FLOAT, "fp64": TensorProto.DOUBLE, "bytes": TensorProto.STRING,
}
save(
    "echo",
    [helper.make_node("Identity", [name], [f"{name}_out"]) for name in TYPES],
    [tensor(name, kind, ["N", "M"]) for name, kind in TYPES.items()],
    [tensor(f"{name}_out", kind, ["N", "M"]) for name, kind in TYPES.items()],
)

# Wide unsigned numbers come out, but can't be put in.
save(
    "unsigned",
    [helper.make_node("Cast", ["x"], [name], to=kind) for name, kind in
     (("u16", TensorProto.UINT16), ("u32", TensorProto.UINT32), ("u64", TensorProto.UINT64))],
    [tensor("x", TensorProto.INT64, ["N"])],
    [tensor("u16", TensorProto.UINT16, ["N"]), tensor("u32", TensorProto.UINT32, ["N"]), tensor("u64", TensorProto.UINT64, ["N"])],
)
save("unsigned_input", [helper.make_node("Identity", ["x"], ["y"])],
     [tensor("x", TensorProto.UINT32, ["N"])], [tensor("y", TensorProto.UINT32, ["N"])])

# Class probabilities as converters write them: a sequence of maps.
for name, attribute, key in (("zipmap_text", {"classlabels_strings": ["no", "yes"]}, TensorProto.STRING),
                             ("zipmap_whole", {"classlabels_int64s": [0, 7]}, TensorProto.INT64)):
    sequence = helper.make_sequence_type_proto(
        helper.make_map_type_proto(key, helper.make_tensor_type_proto(TensorProto.FLOAT, [])))
    save(
        name,
        [
            helper.make_node("Softmax", ["x"], ["scores"], axis=1),
            helper.make_node("ArgMax", ["x"], ["position"], axis=1, keepdims=0),
            helper.make_node("ZipMap", ["scores"], ["probability"], domain=ML, **attribute),
        ],
        [tensor("x", TensorProto.FLOAT, ["N", 2])],
        [tensor("position", TensorProto.INT64, ["N"]), helper.make_value_info("probability", sequence)],
    )

# A sequence of tensors of different lengths.
lengths = helper.make_tensor("lengths", TensorProto.INT64, [2], [1, 2])
save(
    "split",
    [helper.make_node("SplitToSequence", ["x", "lengths"], ["parts"], axis=0)],
    [tensor("x", TensorProto.FLOAT, [3, 2])],
    [helper.make_tensor_sequence_value_info("parts", TensorProto.FLOAT, None)],
    [lengths],
)

# No rows that are independent of each other.
save("total", [helper.make_node("ReduceSum", ["x"], ["sum"], keepdims=0)],
     [tensor("x", TensorProto.DOUBLE, ["N"])],
     [tensor("sum", TensorProto.DOUBLE, [])])

# What can't be loaded.
save("unknown_operator", [helper.make_node("Frobnicate", ["x"], ["y"], domain="com.example")],
     [tensor("x", TensorProto.FLOAT, ["N"])], [tensor("y", TensorProto.FLOAT, ["N"])],
     opsets=[("", 18), ("com.example", 1)], check=False)
save("unknown_type", [helper.make_node("Erf", ["x"], ["y"])],
     [tensor("x", TensorProto.STRING, ["N"])], [tensor("y", TensorProto.STRING, ["N"])], check=False)
save("no_kernel", [helper.make_node("Erf", ["x"], ["y"])],
     [tensor("x", TensorProto.DOUBLE, ["N"])], [tensor("y", TensorProto.DOUBLE, ["N"])], check=False)
weights = helper.make_tensor("w", TensorProto.FLOAT, [1], [1.0])
weights.ClearField("float_data")
weights.data_location = TensorProto.EXTERNAL
entry = weights.external_data.add()
entry.key, entry.value = "location", "../../etc/passwd"
save("outside", [helper.make_node("Add", ["x", "w"], ["y"])],
     [tensor("x", TensorProto.FLOAT, ["N"])], [tensor("y", TensorProto.FLOAT, ["N"])], [weights], check=False)
