"""MLflow's scoring protocol: asked by mlflow.deployments, by MLflow's own scoring client, and by curl."""

import json
import subprocess

import jsonschema
import mlflow
import numpy as np
import openapi_spec_validator
import pandas as pd
import pytest
import requests
from conftest import write_customers
from mlflow.deployments import PredictionsResponse, get_deploy_client
from mlflow.models import convert_input_example_to_serving_input
from mlflow.pyfunc.scoring_server.client import ScoringServerClient
from skl2onnx import to_onnx
from sklearn.linear_model import LinearRegression, LogisticRegression

PIPELINE = """
pipeline: scored
data:
  customers: customers.csv
features:
  sql: SELECT spend, visits, plan FROM customers
label: churned = 'yes'
train:
  split: {by: random, test: 20%, validation: 20% of the rest}
  learners:
    - logistic_regression
  seed: 7
deploy:
  endpoint: scored
"""
RANDOM = np.random.default_rng(1)
X = RANDOM.normal(size=(200, 4)).astype(np.float32)
FLAG = (X[:, 0] + X[:, 1] > 0).astype(np.int64)
NUMBER = (X @ np.array([1.0, -2.0, 0.5, 0.0]) + 3).astype(np.float32)
ROWS = pd.DataFrame({"spend": [20.0, 80.0, np.nan], "visits": [25, 2, 5], "plan": ["basic", "pro", None]})


@pytest.fixture(scope="module")
def scored(millwright, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pipeline")
    write_customers(folder)
    (folder / "scored.yaml").write_text(PIPELINE)
    millwright.run("run", folder / "scored.yaml")
    return f"{millwright.url}/endpoints/scored"


def deploy(millwright, model, name):
    with mlflow.start_run():
        info = mlflow.onnx.log_model(
            to_onnx(model, X[:1], options={"zipmap": False} if hasattr(model, "classes_") else None),
            name="model",
            registered_model_name=name,
            input_example=X[:5],
        )
    millwright.run("deploy", f"{name}/{info.registered_model_version}")
    return f"{millwright.url}/endpoints/{name}"


@pytest.fixture(scope="module")
def flagged(millwright):
    mlflow.set_tracking_uri(millwright.url)
    model = LogisticRegression().fit(X, FLAG)
    return deploy(millwright, model, "flagged"), model


@pytest.fixture(scope="module")
def valued(millwright):
    mlflow.set_tracking_uri(millwright.url)
    model = LinearRegression().fit(X, NUMBER)
    return deploy(millwright, model, "valued"), model


def scoring_client(url):
    client = ScoringServerClient("127.0.0.1", 0)
    client.url_prefix = url
    return client


def nulls(frame):
    return frame.astype(object).where(frame.notna(), None)


def chances(answer):
    return np.array([list(row["probabilities"].values()) for row in answer["predictions"]])


def curl(*arguments):
    done = subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_mlflow_deployments_predicts_and_lists(millwright, scored):
    client = get_deploy_client(millwright.url)
    answer = client.predict(endpoint="scored", inputs={"dataframe_split": nulls(ROWS).to_dict(orient="split")})

    assert [row["label"] for row in answer["predictions"]][0] in ("true", "false")
    np.testing.assert_allclose(chances(answer).sum(axis=1), 1, atol=1e-6)
    listed = {endpoint.name: endpoint for endpoint in client.list_endpoints()}
    assert listed["scored"].endpoint_url == f"{scored}/invocations"
    assert client.get_endpoint("scored").model.provider == "millwright"


def test_mlflow_deployments_says_what_is_wrong(millwright, scored):
    client = get_deploy_client(millwright.url)
    with pytest.raises(requests.HTTPError, match="Did you mean 'visits'"):
        client.predict(endpoint="scored", inputs={"dataframe_records": [{"spend": 1, "vists": 2, "plan": "pro"}]})
    with pytest.raises(requests.HTTPError, match="Did you mean 'scored'"):
        client.predict(endpoint="scord", inputs={"instances": [[1, 2, "pro"]]})


def test_an_endpoint_is_a_scoring_server(millwright, scored):
    client = scoring_client(scored)
    client.wait_server_ready(timeout=5)
    assert client.get_version() == mlflow.__version__
    answer = client.invoke(ROWS)  # Sends NaN as such.

    assert isinstance(answer, PredictionsResponse)
    assert list(answer.get_predictions()["label"]) == [row["label"] for row in answer["predictions"]]
    with pytest.raises(Exception, match="params.temperature: unknown"):
        client.invoke(ROWS, params={"temperature": 1})


@pytest.mark.parametrize(
    "body",
    [
        {"dataframe_records": nulls(ROWS).to_dict(orient="records")},
        {"instances": nulls(ROWS).to_dict(orient="records")},
        {"instances": nulls(ROWS).values.tolist()},
        {"inputs": nulls(ROWS).to_dict(orient="list")},
        {"inputs": nulls(ROWS).values.tolist()},
        {"inputs": {name: [[value] for value in values] for name, values in nulls(ROWS).to_dict(orient="list").items()}},
    ],
    ids=["records", "instances", "rows", "columns", "matrix", "tensors"],
)
def test_every_form_gets_the_same_answer(scored, body):
    expected = scoring_client(scored).invoke(ROWS)
    answer = requests.post(f"{scored}/invocations", json=body)

    assert answer.status_code == 200, answer.text
    assert answer.json()["predictions"] == expected["predictions"]


def test_curl_sends_csv(scored, tmp_path):
    ROWS.to_csv(tmp_path / "rows.csv")
    answer = curl("-H", "Content-Type: text/csv", "--data-binary", f"@{tmp_path}/rows.csv", f"{scored}/invocations")

    assert answer["predictions"] == scoring_client(scored).invoke(ROWS)["predictions"]
    refused = curl("-H", "Content-Type: text/csv", "--data-binary", "spend,visits,plan\n1,few,pro\n", f"{scored}/invocations")
    assert refused["error_code"] == "BAD_REQUEST" and refused["message"] == "line 2, visits: few (expected: number)"
    assert "expected: application/json" in curl("-d", "{}", f"{scored}/invocations")["message"]


def test_what_mlflow_makes_of_an_input_example_is_taken(flagged, valued):
    for example in (X[:3], pd.DataFrame(X[:3]), {"X": X[:3]}):
        for (url, model) in (flagged, valued):
            body = convert_input_example_to_serving_input(example)
            answer = requests.post(f"{url}/invocations", data=body, headers={"Content-Type": "application/json"})
            assert answer.status_code == 200, answer.text
            if model is valued[1]:
                np.testing.assert_allclose(answer.json()["predictions"], model.predict(X[:3]), rtol=1e-4, atol=1e-4)
            else:
                np.testing.assert_allclose(chances(answer.json()), model.predict_proba(X[:3]), rtol=1e-4, atol=1e-5)


def test_a_regression_is_an_array(valued):
    url, model = valued
    answer = scoring_client(url).invoke(X[:9])

    np.testing.assert_allclose(answer.get_predictions("ndarray"), model.predict(X[:9]), rtol=1e-4, atol=1e-4)


def test_feedback_finds_predictions_by_their_ids(scored):
    answer = scoring_client(scored).invoke(ROWS)
    labels = [{"prediction_id": each, "label": "true"} for each in answer["prediction_ids"]]

    assert len({label["prediction_id"] for label in labels}) == 3
    assert requests.post(f"{scored}/feedback", json=labels).json() == {"accepted": 3}


def described(url):
    """The schema of an endpoint, and its example, which fits it."""
    schema = requests.get(f"{url}/schema").json()
    jsonschema.Draft202012Validator.check_schema(schema)
    example = requests.get(f"{url}/example").json()
    jsonschema.validate(example, schema, jsonschema.Draft202012Validator)
    return schema, example


def require_described(answer, schema):
    assert answer.status_code == 200, answer.text
    jsonschema.validate(
        answer.json(), {"$ref": "#/$defs/answer", "$defs": schema["$defs"]}, jsonschema.Draft202012Validator
    )


@pytest.mark.parametrize("name", ["scored", "flagged", "valued"])
def test_the_schema_describes_example_and_answer(millwright, scored, flagged, valued, name):
    url = f"{millwright.url}/endpoints/{name}"
    schema, example = described(url)
    answer = requests.post(f"{url}/invocations", json=example)
    require_described(answer, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"dataframe_records": [{"nothing": 1}]}, schema, jsonschema.Draft202012Validator)
    csv = requests.get(f"{url}/example?as=csv")
    again = requests.post(f"{url}/invocations", data=csv.content, headers={"Content-Type": csv.headers["content-type"]})
    assert again.json()["predictions"] == answer.json()["predictions"]
    assert requests.post(f"{millwright.url}/v2/models/{name}/infer", json=requests.get(f"{url}/example?as=v2").json()).ok


@pytest.mark.parametrize("name", ["simple", "echo", "unsigned", "simple_string"])
def test_the_schema_of_tensors_describes_example_and_answer(millwright, graph, name):
    url = f"{millwright.url}/endpoints/{graph(name)}"
    schema, example = described(url)
    answer = requests.post(f"{millwright.url}/v2/models/{name}/infer", json=example)
    require_described(answer, schema)
    for wrong in ({"datatype": "COMPLEX"}, {"name": "nothing"}, {"shape": [-1]}, {"data": [{}]}):
        inputs = [{**example["inputs"][0], **wrong}, *example["inputs"][1:]]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"inputs": inputs}, schema, jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"inputs": example["inputs"][1:]}, schema, jsonschema.Draft202012Validator)


def test_the_openapi_document_is_valid(millwright):
    document = requests.get(f"{millwright.url}/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    openapi_spec_validator.validate(document)
    for path in ("/v2/models/{model}/infer", "/endpoints/{endpoint}/invocations", "/endpoints/{endpoint}/feedback", "/api/v1/models"):
        assert path in document["paths"]


def validate(document, instance, content):
    schema = {**content["content"]["application/json"]["schema"], "components": document["components"]}
    jsonschema.validate(instance, schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("resource", ["runs", "models", "endpoints", "events", "me"])
def test_the_openapi_document_describes_what_is_read(millwright, scored, resource):
    document = requests.get(f"{millwright.url}/openapi.json").json()
    answer = requests.get(f"{millwright.url}/api/v1/{resource}").json()

    validate(document, answer, document["paths"][f"/api/v1/{resource}"]["get"]["responses"]["200"])
    assert answer[resource] if resource != "me" else answer["name"]


def test_the_openapi_document_describes_what_is_sent(millwright, scored):
    document = requests.get(f"{millwright.url}/openapi.json").json()
    example = requests.get(f"{scored}/example").json()
    v2 = requests.get(f"{scored}/example?as=v2").json()
    answer = requests.post(f"{scored}/invocations", json=example).json()
    label = {"prediction_id": answer["prediction_ids"][0], "label": "true"}
    for path, url, body in (
        ("/endpoints/{endpoint}/invocations", f"{scored}/invocations", example),
        ("/v2/models/{model}/infer", f"{millwright.url}/v2/models/scored/infer", v2),
        ("/endpoints/{endpoint}/feedback", f"{scored}/feedback", label),
        ("/endpoints/{endpoint}/feedback", f"{scored}/feedback", [label]),
    ):
        operation = document["paths"][path]["post"]
        validate(document, body, operation["requestBody"])
        validate(document, requests.post(url, json=body).json(), operation["responses"]["200"])
    wrong = requests.post(f"{millwright.url}/v2/models/scored/infer", json={})
    assert wrong.status_code == 400
    validate(document, wrong.json(), document["components"]["responses"]["Failure"])
    wrong = requests.post(f"{scored}/invocations", json={})
    validate(document, wrong.json(), document["components"]["responses"]["MlflowFailure"])
