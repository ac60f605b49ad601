"""Models: autolog, log_model, the registry with aliases and stages, and loading back."""

import time

import mlflow
import numpy as np
import pytest
from mlflow.exceptions import RestException
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV


@pytest.fixture(autouse=True)
def no_autolog():
    yield
    mlflow.autolog(disable=True, silent=True)
    mlflow.sklearn.autolog(disable=True, silent=True)


def unique(name):
    return f"{name}-{time.time_ns()}"


def test_autolog_of_a_grid_search(experiment, mlflow_client):
    features, labels = load_iris(return_X_y=True, as_frame=True)
    mlflow.sklearn.autolog(silent=True)
    with mlflow.start_run() as run:
        GridSearchCV(LogisticRegression(max_iter=300), {"C": [0.1, 1.0]}, cv=2).fit(features, labels)
    stored = mlflow_client.get_run(run.info.run_id)
    assert "best_cv_score" in stored.data.metrics and stored.data.params["best_C"] in ("0.1", "1.0")
    children = mlflow_client.search_runs(
        [experiment.experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}'"
    )
    assert len(children) == 2
    assert stored.outputs.model_outputs


def test_autolog_of_xgboost_and_lightgbm(experiment, mlflow_client):
    import lightgbm
    import xgboost

    features, labels = load_breast_cancer(return_X_y=True, as_frame=True)
    mlflow.autolog(silent=True)
    with mlflow.start_run() as boosted:
        xgboost.train(
            {"objective": "binary:logistic"},
            xgboost.DMatrix(features, labels),
            num_boost_round=5,
            evals=[(xgboost.DMatrix(features, labels), "train")],
        )
    assert len(mlflow_client.get_metric_history(boosted.info.run_id, "train-logloss")) == 5
    with mlflow.start_run() as light:
        lightgbm.train({"objective": "binary", "verbose": -1}, lightgbm.Dataset(features, labels), num_boost_round=5)
    assert mlflow_client.get_run(light.info.run_id).data.params["num_boost_round"] == "5"


def test_a_model_is_registered_aliased_staged_and_loaded(experiment, mlflow_client):
    features, labels = load_iris(return_X_y=True)
    model = LogisticRegression(max_iter=300).fit(features, labels)
    name = unique("iris")
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(model, name="model", registered_model_name=name, input_example=features[:2])
    version = mlflow_client.get_model_version(name, "1")
    assert version.source == f"models:/{info.model_id}" and version.run_id == run.info.run_id
    again = mlflow.register_model(info.model_uri, name, tags={"k": "v"})
    assert again.version == "2" and mlflow_client.get_model_version(name, "2").tags == {"k": "v"}

    mlflow_client.set_registered_model_alias(name, "champion", "1")
    mlflow_client.set_registered_model_alias(name, "next", "2")
    assert mlflow_client.get_model_version_by_alias(name, "champion").version == "1"
    assert mlflow_client.get_registered_model(name).aliases == {"champion": "1", "next": "2"}
    mlflow_client.delete_registered_model_alias(name, "next")
    for bad in ("v1", "latest", "a b"):
        with pytest.raises(Exception):
            mlflow_client.set_registered_model_alias(name, bad, "1")

    for uri in (f"models:/{name}@champion", f"models:/{name}/2", info.model_uri, f"models:/{info.model_id}"):
        loaded = mlflow.pyfunc.load_model(uri)
        assert (loaded.predict(features) == model.predict(features)).all(), uri

    with pytest.warns(FutureWarning):
        mlflow_client.transition_model_version_stage(name, "1", "Staging")
        mlflow_client.transition_model_version_stage(name, "2", "Staging", archive_existing_versions=True)
        assert [v.version for v in mlflow_client.get_latest_versions(name, ["Staging"])] == ["2"]
    assert mlflow_client.get_model_version(name, "1").current_stage == "Archived"


def test_the_registry_is_searched_renamed_described_and_cleared(mlflow_client):
    name = unique("a")
    mlflow_client.create_registered_model(name, tags={"team": "risk"}, description="first")
    with pytest.raises(RestException) as taken:
        mlflow_client.create_registered_model(name)
    assert taken.value.error_code == "RESOURCE_ALREADY_EXISTS"
    for i in range(3):
        mlflow_client.create_model_version(name, f"s3://bucket/{i}", tags={"i": str(i)})
    assert {v.version for v in mlflow_client.search_model_versions(f"name = '{name}' and tags.i != '1'")} == {"1", "3"}
    assert [m.name for m in mlflow_client.search_registered_models(f"name LIKE '{name}%' and tags.team = 'risk'")] == [name]
    mlflow_client.update_registered_model(name, "second")
    mlflow_client.update_model_version(name, "1", "the first")
    mlflow_client.set_model_version_tag(name, "1", "a", "b")
    mlflow_client.delete_model_version_tag(name, "1", "a")
    mlflow_client.set_registered_model_tag(name, "x", "y")
    mlflow_client.delete_registered_model_tag(name, "x")
    mlflow_client.rename_registered_model(name, name + "-new")
    stored = mlflow_client.get_registered_model(name + "-new")
    assert stored.description == "second" and stored.tags == {"team": "risk"}
    assert mlflow_client.get_model_version(name + "-new", "1").description == "the first"
    assert mlflow_client.get_model_version_download_uri(name + "-new", "2") == "s3://bucket/1"
    mlflow_client.delete_model_version(name + "-new", "2")
    with pytest.raises(RestException):
        mlflow_client.get_model_version(name + "-new", "2")
    mlflow_client.delete_registered_model(name + "-new")
    with pytest.raises(RestException) as gone:
        mlflow_client.get_registered_model(name + "-new")
    assert gone.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_logged_models_are_searched_tagged_and_measured(experiment, mlflow_client):
    features, labels = load_iris(return_X_y=True)
    with mlflow.start_run() as run:
        for c in (0.1, 1.0):
            model = LogisticRegression(C=c, max_iter=300).fit(features, labels)
            info = mlflow.sklearn.log_model(model, name=f"model-{c}", params={"C": c})
            mlflow.log_metric("accuracy", model.score(features, labels), model_id=info.model_id)
    found = mlflow.search_logged_models(
        [experiment.experiment_id], filter_string="params.C = '1.0'", output_format="list"
    )
    assert [m.name for m in found] == ["model-1.0"]
    assert found[0].metrics[0].value > 0.9 and found[0].source_run_id == run.info.run_id
    ordered = mlflow.search_logged_models(
        [experiment.experiment_id],
        order_by=[{"field_name": "metrics.accuracy", "ascending": False}],
        output_format="list",
    )
    assert len(ordered) == 2
    mlflow.set_logged_model_tags(found[0].model_id, {"a": "b"})
    assert mlflow.get_logged_model(found[0].model_id).tags["a"] == "b"
    mlflow.delete_logged_model_tag(found[0].model_id, "a")
    assert "a" not in mlflow.get_logged_model(found[0].model_id).tags
    mlflow_client.delete_logged_model(found[0].model_id)
    assert len(mlflow.search_logged_models([experiment.experiment_id], output_format="list")) == 1


def test_logged_models_are_found_by_what_was_measured_on_which_data(experiment, mlflow_client):
    run = mlflow_client.create_run(experiment.experiment_id).info.run_id
    for name, train, test in (("first", 0.9, 0.6), ("second", 0.7, 0.8)):
        model = mlflow_client.create_logged_model(experiment.experiment_id, name=name, source_run_id=run)
        for data, value in (("train", train), ("test", test)):
            mlflow_client.log_metric(
                run, "auc", value, model_id=model.model_id, dataset_name=data, dataset_digest="d1"
            )

    def names(**how):
        return [m.name for m in mlflow_client.search_logged_models([experiment.experiment_id], **how)]

    train, test, other = (
        [{"dataset_name": name, "dataset_digest": digest}]
        for name, digest in (("train", "d1"), ("test", "d1"), ("test", "d2"))
    )
    assert names(filter_string="metrics.auc > 0.75", datasets=train) == ["first"]
    assert names(filter_string="metrics.auc > 0.75", datasets=test) == ["second"]
    assert set(names(filter_string="metrics.auc > 0.75", datasets=train + test)) == {"first", "second"}
    assert names(datasets=other) == []
    assert names(filter_string="metrics.auc > 0.75", datasets=[{"dataset_name": "test"}]) == ["second"]
    by_test = {"field_name": "metrics.auc", "ascending": False, "dataset_name": "test", "dataset_digest": "d1"}
    assert names(order_by=[by_test]) == ["second", "first"]
    assert names(order_by=[{**by_test, "dataset_name": "train"}]) == ["first", "second"]


def test_evaluate_logs_its_metrics(experiment, mlflow_client):
    features, labels = load_iris(return_X_y=True, as_frame=True)
    model = LogisticRegression(max_iter=300).fit(features, labels)
    data = features.assign(label=labels)
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(model, name="model", input_example=features[:2])
        mlflow.models.evaluate(
            info.model_uri, data, targets="label", model_type="classifier", evaluator_config={"log_explainer": False}
        )
    assert mlflow_client.get_run(run.info.run_id).data.metrics["accuracy_score"] > 0.9
    assert np.isfinite(mlflow_client.get_run(run.info.run_id).data.metrics["log_loss"])
