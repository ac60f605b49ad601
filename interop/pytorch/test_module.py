"""A plain module of PyTorch: logged, registered and loaded. Runs with the packages of .ci/pytorch.txt beside Debian's PyTorch."""

import mlflow
import numpy as np
import torch

FEATURES = 4


def test_a_plain_module_is_logged_registered_and_loaded(experiment, mlflow_client):
    torch.manual_seed(7)
    rows = torch.randn(256, FEATURES)
    module = torch.nn.Sequential(torch.nn.Linear(FEATURES, 2), torch.nn.Softmax(dim=1)).eval()
    with mlflow.start_run():
        info = mlflow.pytorch.log_model(
            module, name="model", registered_model_name=f"plain-{experiment.experiment_id}", input_example=rows[:2].numpy()
        )
    with torch.no_grad():
        expected = module(rows).numpy()
        loaded = mlflow.pytorch.load_model(info.model_uri)
        np.testing.assert_array_equal(loaded(rows).numpy(), expected)
    served = mlflow.pyfunc.load_model(f"models:/plain-{experiment.experiment_id}/1")
    np.testing.assert_array_equal(served.predict(rows.numpy()), expected)
    assert mlflow_client.get_logged_model(info.model_id).model_type in ("", None)
