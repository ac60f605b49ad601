"""ONNX models from elsewhere answer what ONNX Runtime answers for them in Python."""

import numpy as np
import onnxruntime
import pytest
import tritonclient.grpc as triton
import tritonclient.http as http
from conftest import ROOT
from skl2onnx import to_onnx
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from tensors import tensors

ELSEWHERE = ROOT.parent / "shared/data/onnx"
RANDOM = np.random.default_rng(1)
X = RANDOM.normal(size=(300, 30)).astype(np.float32)
FLAG = (X[:, 0] + X[:, 1] * X[:, 2] > 0).astype(np.int64)
KIND = np.array(["low", "mid", "high"])[np.digitize(X[:, 2], [-0.5, 0.5])]
WIRES = [http, triton]


@pytest.fixture(scope="module")
def ask(millwright):
    """Asks a model over one wire or the other for its outputs, by name."""

    def ask(wire, model, arrays):
        with wire.InferenceServerClient(f"127.0.0.1:{millwright.port}") as client:
            answer = client.infer(model, tensors(wire, arrays))
            answered = answer.get_response()
            outputs = answered["outputs"] if wire is http else [{"name": each.name} for each in answered.outputs]
            return {output["name"]: answer.as_numpy(output["name"]) for output in outputs}

    return ask


def elsewhere(name):
    if not ELSEWHERE.is_dir():
        pytest.skip(f"{ELSEWHERE} is not there")
    return ELSEWHERE / name


@pytest.fixture(scope="module")
def digits(millwright):
    return millwright.serve(elsewhere("lr_mnist.onnx"), "digits", "--tensors")


@pytest.fixture(scope="module")
def tinybert(millwright):
    return millwright.serve(elsewhere("tinybert.onnx"), "tinybert")


def digit_rows():
    """The rows of the file beside the model: a label, then the pixels that are not 0, which are counted from 0."""
    lines = (ELSEWHERE / "transposed_mnist_test_head.libsvm").read_text().splitlines()
    rows = np.zeros((len(lines), 784), np.float32)
    labels = []
    for row, line in enumerate(lines):
        label, *pixels = line.split()
        labels.append(int(label))
        for pixel in pixels:
            place, value = pixel.split(":")
            rows[row, int(place)] = float(value)
    return rows, np.array(labels)


@pytest.mark.parametrize("wire", WIRES, ids=["http", "grpc"])
def test_digits_are_read_as_by_onnx_runtime(ask, digits, wire):
    rows, labels = digit_rows()
    session = onnxruntime.InferenceSession(elsewhere("lr_mnist.onnx"))
    [asked] = session.get_inputs()
    label, maps = (output.name for output in session.get_outputs())
    expected, probabilities = session.run(None, {asked.name: rows})
    answer = ask(wire, digits, {asked.name: rows})

    np.testing.assert_array_equal(answer[label], expected)
    keys = answer[f"{maps}.keys"].tolist()
    np.testing.assert_allclose(answer[maps], [[row[key] for key in keys] for row in probabilities], atol=1e-5)
    assert (answer[label] == labels).sum() == 60


@pytest.mark.parametrize("wire", WIRES, ids=["http", "grpc"])
@pytest.mark.parametrize("rows, length", [(1, 8), (3, 20)])
def test_texts_are_embedded_as_by_onnx_runtime(ask, tinybert, wire, rows, length):
    session = onnxruntime.InferenceSession(elsewhere("tinybert.onnx"))
    given = {}
    for each in session.get_inputs():
        assert each.type == "tensor(int64)"
        shape = [size if isinstance(size, int) else [rows, length][place] for place, size in enumerate(each.shape)]
        given[each.name] = RANDOM.integers(1, 1000 if "ids" in each.name and "type" not in each.name else 2, shape)
    expected = session.run(None, given)
    answer = ask(wire, tinybert, given)

    for output, values in zip(session.get_outputs(), expected):
        np.testing.assert_allclose(answer[output.name], values, atol=1e-5)


@pytest.fixture(scope="module")
def exported(millwright, tmp_path_factory):
    """Imports what skl2onnx makes of a model."""

    def export(name, model, target, *options, **how):
        model.fit(X, target)
        path = tmp_path_factory.mktemp("exported") / f"{name}.onnx"
        path.write_bytes(to_onnx(model, X[:1], **how).SerializeToString())
        return millwright.serve(path, name, *options), path

    return export


@pytest.mark.parametrize("maps", [True, False])
def test_a_classifier_of_thirty_columns_answers_over_both_wires(ask, exported, maps):
    model = GradientBoostingClassifier(n_estimators=20, random_state=0)
    name, path = exported(f"thirty-{maps}".lower(), model, KIND, options={"zipmap": maps})
    _, expected = onnxruntime.InferenceSession(path).run(None, {"X": X[:50]})
    if maps:
        expected = [[row[kind] for kind in sorted(row)] for row in expected]
    for wire in WIRES:
        answer = ask(wire, name, {"X": X[:50]})
        assert answer["label"].astype(str).tolist() == model.predict(X[:50]).tolist()
        np.testing.assert_allclose(answer["probabilities"], expected, atol=1e-5)
        columns = {f"X[{i}]": X[:50, i : i + 1].copy() for i in range(30)}
        np.testing.assert_allclose(ask(wire, name, columns)["probabilities"], expected, atol=1e-5)


def test_a_number_a_row_is_a_prediction(ask, exported):
    target = (X @ RANDOM.normal(size=30)).astype(np.float32)
    name, path = exported("valued-thirty", LinearRegression(), target)
    [expected] = onnxruntime.InferenceSession(path).run(None, {"X": X})
    for wire in WIRES:
        np.testing.assert_allclose(ask(wire, name, {"X": X})["prediction"], expected, atol=1e-5, rtol=1e-5)


def test_a_graph_keeps_its_own_outputs_if_that_is_said(ask, exported):
    name, path = exported("own-outputs", LogisticRegression(), FLAG, "--tensors")
    label, probabilities = onnxruntime.InferenceSession(path).run(None, {"X": X})
    for wire in WIRES:
        answer = ask(wire, name, {"X": X})
        np.testing.assert_array_equal(answer["output_label"], label)
        np.testing.assert_allclose(
            answer["output_probability"], [[row[key] for key in (0, 1)] for row in probabilities], atol=1e-5
        )
