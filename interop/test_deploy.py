"""Models that clients log with the ONNX flavour, deployed at once."""

import json
import re
import urllib.error
import urllib.request

import mlflow
import numpy as np
import onnx
import pandas as pd
import pytest
from onnx import TensorProto, helper
from skl2onnx import convert_sklearn, to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

RANDOM = np.random.default_rng(1)
X = RANDOM.normal(size=(200, 4)).astype(np.float32)
FLAG = (X[:, 0] + X[:, 1] > 0).astype(np.int64)
KIND = np.array(["low", "mid", "high"])[np.digitize(X[:, 2], [-0.5, 0.5])]
NUMBER = (X @ np.array([1.0, -2.0, 0.5, 0.0]) + 3).astype(np.float32)


def register(onx, name, **options):
    with mlflow.start_run():
        info = mlflow.onnx.log_model(onx, name="model", registered_model_name=name, **options)
    return f"{name}/{info.registered_model_version}"


def infer(millwright, endpoint, inputs):
    body = json.dumps({"inputs": inputs}).encode()
    request = urllib.request.Request(
        f"{millwright.url}/v2/models/{endpoint}/infer", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return {output["name"]: output for output in json.load(answer)["outputs"]}


def matrix(values, name="X"):
    values = np.asarray(values)
    return [{"name": name, "shape": list(values.shape), "datatype": "FP32", "data": values.ravel().tolist()}]


def table(output):
    return np.array(output["data"]).reshape(output["shape"])


def page(millwright, path):
    with urllib.request.urlopen(urllib.request.Request(millwright.url + path, headers={"Accept": "text/html"})) as answer:
        return answer.read().decode()


CLASSIFIERS = {
    "logistic": (LogisticRegression(), FLAG, {"zipmap": False}),
    "scaled-kinds": (make_pipeline(StandardScaler(), LogisticRegression()), KIND, {"zipmap": False}),
    "forest": (RandomForestClassifier(20, random_state=0), KIND, {"zipmap": False}),
    "boosted": (GradientBoostingClassifier(n_estimators=20, random_state=0), FLAG, {"zipmap": False}),
    "mlp": (MLPClassifier((80,), max_iter=200, random_state=0), KIND, {"zipmap": False}),
    "with-maps": (LogisticRegression(), KIND, {}),
}


@pytest.mark.parametrize("name", CLASSIFIERS)
@pytest.mark.parametrize("example", [X[:20], None], ids=["example", "made-up"])
def test_a_classifier_serves_what_it_predicted(name, example, millwright, experiment, mlflow_client):
    model, target, options = CLASSIFIERS[name]
    model.fit(X, target)
    onx = to_onnx(model, X[:1], options={id(model): options} if options else None)
    registered = f"{name}-{'example' if example is not None else 'made-up'}"
    version = register(onx, registered, **({"input_example": example} if example is not None else {}))

    deployed = json.loads(millwright.run("deploy", version, "--endpoint", registered, "--json"))

    assert deployed["status"] == "serving" and deployed["endpoint"] == registered
    outputs = infer(millwright, registered, matrix(X[:50]))
    np.testing.assert_allclose(table(outputs["probabilities"]), model.predict_proba(X[:50]), rtol=1e-4, atol=1e-5)
    assert outputs["label"]["data"] == [str(label) for label in model.predict(X[:50])]
    by_column = [
        {"name": f"X[{c}]", "shape": [3, 1], "datatype": "FP32", "data": X[:3, c].tolist()} for c in range(X.shape[1])
    ]
    again = infer(millwright, registered, by_column)
    np.testing.assert_array_equal(table(again["probabilities"]), table(outputs["probabilities"])[:3])
    rows = mlflow_client.get_model_version(*version.split("/")).tags["millwright.parity_rows"]
    assert ("20 rows of the input example" in rows) if example is not None else ("made up" in rows)
    alias = mlflow_client.get_model_version_by_alias(registered, "champion")
    assert f"{alias.name}/{alias.version}" == version


@pytest.mark.parametrize("model", [LinearRegression(), RandomForestRegressor(20, random_state=0)], ids=["linear", "forest"])
def test_a_regressor_serves_what_it_predicted(model, millwright, experiment, request):
    model.fit(X, NUMBER)
    name = "regressor-" + request.node.callspec.id
    millwright.run("deploy", register(to_onnx(model, X[:1]), name, input_example=X[:5]))
    outputs = infer(millwright, name, matrix(X[:50]))
    np.testing.assert_allclose(table(outputs["prediction"]).ravel(), model.predict(X[:50]), rtol=1e-4, atol=1e-4)


def test_named_columns_of_several_types(millwright, experiment):
    frame = pd.DataFrame(
        {"spend": X[:, 0], "visits": RANDOM.integers(0, 9, 200), "plan": RANDOM.choice(["basic", "plus"], 200)}
    )
    target = (frame["spend"] + (frame["plan"] == "plus") > 0.5).astype(int)
    model = make_pipeline(
        ColumnTransformer([("words", OneHotEncoder(), ["plan"])], remainder="passthrough"), LogisticRegression()
    ).fit(frame, target)
    onx = convert_sklearn(
        model,
        initial_types=[
            ("spend", FloatTensorType([None, 1])),
            ("visits", Int64TensorType([None, 1])),
            ("plan", StringTensorType([None, 1])),
        ],
        options={"zipmap": False},
    )
    millwright.run("deploy", register(onx, "columns", input_example=frame.head(9)))
    rows = frame.head(30)
    outputs = infer(
        millwright,
        "columns",
        [
            {"name": "spend", "shape": [30, 1], "datatype": "FP32", "data": rows["spend"].tolist()},
            {"name": "visits", "shape": [30, 1], "datatype": "INT64", "data": rows["visits"].tolist()},
            {"name": "plan", "shape": [30, 1], "datatype": "BYTES", "data": rows["plan"].tolist()},
        ],
    )
    np.testing.assert_allclose(table(outputs["probabilities"]), model.predict_proba(rows), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_boosted_trees_through_onnxmltools(library, millwright, experiment):
    onnxmltools = pytest.importorskip("onnxmltools")
    from onnxmltools.convert.common.data_types import FloatTensorType as Floats

    inputs = [("input", Floats([None, 4]))]
    if library == "xgboost":
        import xgboost

        model = xgboost.XGBClassifier(n_estimators=20, max_depth=3).fit(X, FLAG)
        onx = onnxmltools.convert_xgboost(model, initial_types=inputs)
    else:
        import lightgbm

        model = lightgbm.LGBMClassifier(n_estimators=20, verbose=-1).fit(X, FLAG)
        onx = onnxmltools.convert_lightgbm(model, initial_types=inputs, zipmap=False)
    name = f"boosted-{library}"
    millwright.run("deploy", register(onx, name, input_example=X[:9]))
    outputs = infer(millwright, name, matrix(X[:50], "input"))
    np.testing.assert_allclose(table(outputs["probabilities"]), model.predict_proba(X[:50]), rtol=1e-4, atol=1e-5)


def test_the_alias_champion_deploys_where_the_model_is_served(millwright, experiment, mlflow_client):
    first = LogisticRegression().fit(X, FLAG)
    second = LogisticRegression(C=0.01).fit(X, FLAG)
    millwright.run("deploy", register(to_onnx(first, X[:1], options={"zipmap": False}), "aliased"))
    register(to_onnx(second, X[:1], options={"zipmap": False}), "aliased")
    mlflow_client.set_registered_model_alias("aliased", "champion", "2")
    np.testing.assert_allclose(
        table(infer(millwright, "aliased", matrix(X[:9]))["probabilities"]), second.predict_proba(X[:9]), rtol=1e-4, atol=1e-5
    )
    millwright.run("rollback", "aliased")
    np.testing.assert_allclose(
        table(infer(millwright, "aliased", matrix(X[:9]))["probabilities"]), first.predict_proba(X[:9]), rtol=1e-4, atol=1e-5
    )
    assert mlflow_client.get_model_version_by_alias("aliased", "champion").version == "1"


def test_what_serves_goes_on_after_a_restart(millwright, experiment):
    model = LogisticRegression().fit(X, FLAG)
    millwright.run("deploy", register(to_onnx(model, X[:1], options={"zipmap": False}), "restarted"))
    millwright.stop()
    millwright.start()
    outputs = infer(millwright, "restarted", matrix(X[:9]))
    np.testing.assert_allclose(table(outputs["probabilities"]), model.predict_proba(X[:9]), rtol=1e-4, atol=1e-5)


def test_the_pages_show_it(millwright, experiment):
    model = LogisticRegression().fit(X, KIND)
    millwright.run("deploy", register(to_onnx(model, X[:1], options={"zipmap": False}), "shown"))
    infer(millwright, "shown", matrix(X[:9]))
    for path in ("/", "/endpoints", "/endpoints/shown", "/endpoints/shown/monitor", "/timeline?endpoint=shown", "/events", "/models", "/models/shown"):
        assert "shown" in page(millwright, path), path
    version = page(millwright, "/models/shown/versions/1")
    assert "X[3]" in version and "made up within the types" in version and "No gates exist" in version
    with urllib.request.urlopen(f"{millwright.url}/v2/models/shown") as answer:
        metadata = json.load(answer)
    assert metadata["inputs"] == [{"name": "X", "datatype": "FP32", "shape": [-1, 4]}]
    assert "parity.replayed" in millwright.run("events", "--json")


def labelled(outputs, nodes, inputs=None, initializers=()):
    graph = helper.make_graph(
        nodes, "g", inputs or [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 4])], outputs, list(initializers)
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def floats(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


NO_ROWS = {
    "images": (
        labelled(
            [floats("y", [None, 1])],
            [helper.make_node("ReduceMean", ["X"], ["m"], axes=[2, 3], keepdims=0), helper.make_node("Identity", ["m"], ["y"])],
            [floats("X", [None, 1, 8, 8])],
        ),
        r"input X: float\[N, 1, 8, 8\]",
    ),
    "no-probabilities": (
        labelled([floats("y", [None, 4])], [helper.make_node("Identity", ["X"], ["y"])]),
        "output y: .*expected: probabilities that sum to 1",
    ),
    "two-outputs": (
        labelled(
            [floats("a", [None, 4]), floats("b", [None, 4])],
            [helper.make_node("Identity", ["X"], ["a"]), helper.make_node("Neg", ["X"], ["b"])],
        ),
        "several outputs of numbers",
    ),
    "labels-alone": (
        labelled(
            [helper.make_tensor_value_info("label", TensorProto.INT64, [None])],
            [helper.make_node("ArgMax", ["X"], ["label"], axis=1, keepdims=0)],
        ),
        "no output of numbers: label is a label a row",
    ),
    "open-width": (
        labelled([floats("y", [None, None])], [helper.make_node("Identity", ["X"], ["y"])], [floats("X", [None, None])]),
        "how many columns it has is open",
    ),
}


@pytest.mark.parametrize("name", NO_ROWS)
def test_what_takes_no_rows_is_served_with_its_own_tensors_and_the_reason(name, millwright, experiment, mlflow_client):
    onx, reason = NO_ROWS[name]
    version = register(onx, f"tensors-{name}")
    millwright.run("deploy", version)
    assert re.search(reason, mlflow_client.get_model_version(*version.split("/")).tags["millwright.tensors"])
    x = np.zeros((2, 1, 8, 8) if name == "images" else (2, 4), np.float32)
    answer = infer(millwright, f"tensors-{name}", matrix(x))
    assert set(answer) == {output.name for output in onx.graph.output}


def test_weights_elsewhere_are_never_read(millwright, experiment, tmp_path):
    weights = helper.make_tensor("w", TensorProto.FLOAT, [4, 1], [0.0] * 4)
    onx = labelled([floats("y", [None, 1])], [helper.make_node("MatMul", ["X", "w"], ["y"])], initializers=[weights])
    tensor = onx.graph.initializer[0]
    tensor.ClearField("float_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in ("location", "../../../../../../etc/passwd"), ("offset", "0"), ("length", "16"):
        tensor.external_data.add(key=key, value=value)
    path = tmp_path / "model.onnx"
    path.write_bytes(onx.SerializeToString())
    (tmp_path / "MLmodel").write_text("flavors:\n  onnx:\n    data: model.onnx\n")
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(tmp_path), "model")
    client = mlflow.MlflowClient()
    client.create_registered_model("elsewhere-weights")
    client.create_model_version("elsewhere-weights", f"{run.info.artifact_uri}/model", run.info.run_id)
    with pytest.raises(AssertionError, match="the weights 'w' are in '../../../../../../etc/passwd'"):
        millwright.run("deploy", "elsewhere-weights/1")


def test_another_flavour_has_no_graph(millwright, experiment):
    with mlflow.start_run():
        mlflow.sklearn.log_model(LogisticRegression().fit(X, FLAG), name="m", registered_model_name="pickled")
    with pytest.raises(AssertionError, match="has no ONNX graph"):
        millwright.run("deploy", "pickled/1")


def test_deploying_over_http_needs_the_token(millwright, experiment):
    request = urllib.request.Request(
        f"{millwright.url}/api/v1/endpoints/x/deploy", data=b'{"model": "m", "version": 1}', method="POST"
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 401
    owner = json.loads((millwright.home / "owner.json").read_text())
    request.add_header("Authorization", "Bearer " + owner["token"])
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(request)
    assert missing.value.code == 404
