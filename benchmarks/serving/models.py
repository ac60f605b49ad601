"""The models that are served, and the requests that all of the contestants get."""

import json
import logging
import os
import random
import struct
import urllib.parse

COLUMNS = [f"c{i}" for i in range(30)]
ROWS = 20_000
HIDDEN = 512


def write_rows(path):
    """Thirty columns, of which twelve say something of the target; the same each time."""
    drawn = random.Random(7)
    with open(path, "w") as file:
        file.write(",".join([*COLUMNS, "target"]) + "\n")
        for _ in range(ROWS):
            x = [drawn.gauss(0, 1) for _ in COLUMNS]
            score = x[0] + x[1] * x[2] + abs(x[3]) - 1 + (x[4] / 2 if x[5] > 0 else 0) + sum(x[6:12]) / 6 + drawn.gauss(0, 0.7)
            file.write(",".join(f"{value:.5f}" for value in x) + f",{int(score > 0)}\n")


def columns(rows):
    drawn = random.Random(rows)
    return {name: [round(drawn.gauss(0, 1), 5) for _ in range(rows)] for name in COLUMNS}


def as_json(rows):
    inputs = [{"name": name, "shape": [rows, 1], "datatype": "FP32", "data": values} for name, values in columns(rows).items()]
    return json.dumps({"inputs": inputs}, separators=(",", ":")).encode()


def as_binary(rows):
    """With what the answer is to be, and the length of the part that is JSON."""
    inputs = [
        {"name": name, "shape": [rows, 1], "datatype": "FP32", "parameters": {"binary_data_size": 4 * rows}} for name in COLUMNS
    ]
    head = json.dumps({"inputs": inputs, "parameters": {"binary_data_output": True}}, separators=(",", ":")).encode()
    return head + b"".join(struct.pack(f"<{rows}f", *values) for values in columns(rows).values()), len(head)


def _field(number, content):
    """Of a message of protocol buffers: bytes with their length before them."""
    return _number(number << 3 | 2) + _number(len(content)) + content


def _number(value):
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def as_grpc(model, rows):
    """A ModelInferRequest with raw contents, as one message of gRPC: not compressed, its length before it."""
    message = _field(1, model.encode())
    for name in COLUMNS:
        message += _field(5, _field(1, name.encode()) + _field(2, b"FP32") + _field(3, _number(rows) + _number(1)))
    for values in columns(rows).values():
        message += _field(7, struct.pack(f"<{rows}f", *values))
    return struct.pack(">BI", 0, len(message)) + message


def perceptron(seed=7):
    """30 columns, three hidden layers and a number."""
    import numpy
    from onnx import TensorProto, helper, numpy_helper

    drawn = numpy.random.default_rng(seed)
    sizes = [len(COLUMNS), HIDDEN, HIDDEN, HIDDEN, 1]
    nodes = [helper.make_node("Concat", COLUMNS, ["x0"], axis=1)]
    weights = []
    for i, (wide, narrow) in enumerate(zip(sizes, sizes[1:])):
        weights.append(numpy_helper.from_array((drawn.normal(size=(wide, narrow)) / wide**0.5).astype(numpy.float32), f"w{i}"))
        weights.append(numpy_helper.from_array(numpy.zeros(narrow, numpy.float32), f"b{i}"))
        last = i == len(sizes) - 2
        nodes.append(helper.make_node("Gemm", [f"x{i}", f"w{i}", f"b{i}"], ["prediction" if last else f"z{i}"]))
        if not last:
            nodes.append(helper.make_node("Relu", [f"z{i}"], [f"x{i + 1}"]))
    graph = helper.make_graph(
        nodes, "perceptron", [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 1]) for name in COLUMNS],
        [helper.make_tensor_value_info("prediction", TensorProto.FLOAT, [None, 1])], weights,
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def log(server, onnx, names):
    """Logs a graph with MLflow's client, registers it under each name and lets it serve there."""
    os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT="true")
    import mlflow

    logging.getLogger("mlflow").setLevel(logging.WARNING)

    mlflow.set_tracking_uri(server.url("").rstrip("/"))
    with mlflow.start_run():
        source = mlflow.onnx.log_model(onnx, name="model")
    client = mlflow.MlflowClient()
    for name in names:
        client.create_registered_model(name)
        client.create_model_version(name, source.model_uri, run_id=source.run_id, model_id=source.model_id)
        server.post(f"/api/v1/endpoints/{urllib.parse.quote(name)}/deploy", {"model": name, "version": 1})
