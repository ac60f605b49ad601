"""Makes the small ONNX graphs of the serving tests, and what Python's ONNX Runtime says about a few rows.

Run: python make_models.py ../resources/dev/millwright/serving
Needs: onnx, onnxruntime, numpy.
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

OUT = Path(sys.argv[1])
CITIES = ["Wellington", "Auckland", "Waitangi"]


def inputs():
    return [
        helper.make_tensor_value_info("amount", TensorProto.FLOAT, ["N", 1]),
        helper.make_tensor_value_info("age", TensorProto.FLOAT, ["N", 1]),
        helper.make_tensor_value_info("city", TensorProto.STRING, ["N", 1]),
    ]


def features():
    """[N, 5]: imputed amount and age, then one column a known city."""
    shape = helper.make_tensor("shape", TensorProto.INT64, [2], [-1, len(CITIES)])
    nodes = [
        helper.make_node("Concat", ["amount", "age"], ["numbers"], axis=1),
        helper.make_node("Imputer", ["numbers"], ["imputed"], domain="ai.onnx.ml",
                         imputed_value_floats=[10.0, 40.0], replaced_value_float=float("nan")),
        helper.make_node("OneHotEncoder", ["city"], ["hot3"], domain="ai.onnx.ml", cats_strings=CITIES, zeros=1),
        helper.make_node("Reshape", ["hot3", "shape"], ["hot"]),
        helper.make_node("Concat", ["imputed", "hot"], ["features"], axis=1),
    ]
    return nodes, [shape]


def save(name, nodes, initializers, outputs, graph_inputs=None):
    graph = helper.make_graph(nodes, name, graph_inputs or inputs(), outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    (OUT / f"{name}.onnx").write_bytes(model.SerializeToString())


def classifier(name, classes, coefficients, intercepts, transform):
    nodes, initializers = features()
    nodes.append(helper.make_node(
        "LinearClassifier", ["features"], ["label", "probabilities"], domain="ai.onnx.ml",
        coefficients=np.asarray(coefficients, dtype=np.float32).ravel().tolist(), intercepts=intercepts,
        classlabels_strings=classes, post_transform=transform, multi_class=0))
    save(name, nodes, initializers, [
        helper.make_tensor_value_info("label", TensorProto.STRING, ["N"]),
        helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", len(classes)]),
    ])


def binary(name, weights, intercept):
    w = np.asarray(weights)
    classifier(name, ["no", "yes"], [-w / 2, w / 2], [-intercept / 2, intercept / 2], "SOFTMAX")


def regression():
    nodes, initializers = features()
    nodes.append(helper.make_node("LinearRegressor", ["features"], ["prediction"], domain="ai.onnx.ml",
                                  coefficients=[1.5, -0.25, 3.0, 2.0, 1.0], intercepts=[0.5]))
    save("regression", nodes, initializers, [helper.make_tensor_value_info("prediction", TensorProto.FLOAT, ["N", 1])])


def misfit():
    """Takes one [N, 2] tensor and gives whole numbers: breaks the contract in several ways."""
    save("misfit", [helper.make_node("ArgMax", ["amount"], ["label"], axis=1, keepdims=0)], [],
         [helper.make_tensor_value_info("label", TensorProto.INT64, ["N"])],
         [helper.make_tensor_value_info("amount", TensorProto.FLOAT, ["N", 2])])


def rows(count):
    random = np.random.default_rng(7)
    amount = random.normal(20, 15, count).astype(np.float32)
    age = random.integers(18, 90, count).astype(np.float32)
    city = random.choice(CITIES + ["", "Nelson"], count)
    amount[3] = np.nan
    age[5] = np.nan
    return amount, age, city


def expected(name, outputs):
    amount, age, city = rows(100)
    session = onnxruntime.InferenceSession(OUT / f"{name}.onnx")
    values = session.run(outputs, {"amount": amount[:, None], "age": age[:, None], "city": city.astype(object)[:, None]})

    def plain(array):
        return [None if isinstance(v, float) and np.isnan(v) else v for v in np.asarray(array).ravel().tolist()]

    return {"amount": plain(amount), "age": plain(age), "city": plain(city),
            **{output: plain(value) for output, value in zip(outputs, values)}}


binary("binary", [0.08, -0.03, 0.6, -0.4, 0.2], -0.5)
binary("binary_other", [-0.05, 0.02, 0.1, 0.3, -0.2], 0.25)
classifier("multiclass", ["low", "middle", "high"],
           [[-0.05, 0.01, 0.2, 0.1, 0.0], [0.0, 0.0, 0.1, 0.2, 0.3], [0.06, -0.02, -0.1, 0.0, 0.1]],
           [0.5, 0.1, -0.4], "SOFTMAX")
regression()
misfit()
(OUT / "expected.json").write_text(json.dumps({
    "binary": expected("binary", ["label", "probabilities"]),
    "multiclass": expected("multiclass", ["label", "probabilities"]),
    "regression": expected("regression", ["prediction"]),
}))
