"""Autolog of Lightning's trainer. Needs PyTorch 2, whose wheels are too large for .ci/run; see README.md."""

import lightning
import mlflow
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

FEATURES = 4
EPOCHS = 3


class Classifier(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(FEATURES, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))

    def forward(self, rows):
        return self.layers(rows)

    def training_step(self, batch, _):
        rows, labels = batch
        loss = torch.nn.functional.binary_cross_entropy_with_logits(self(rows), labels)
        self.log("loss", loss, on_step=False, on_epoch=True)
        return loss

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.05)


@pytest.fixture
def rows():
    torch.manual_seed(7)
    return torch.randn(256, FEATURES)


@pytest.fixture
def autolog():
    mlflow.pytorch.autolog(log_every_n_epoch=1)
    yield
    mlflow.pytorch.autolog(disable=True)


def test_autolog_of_lightning(experiment, mlflow_client, rows, autolog, tmp_path):
    labels = (rows.sum(dim=1, keepdim=True) > 0).float()
    model = Classifier()
    trainer = lightning.Trainer(
        max_epochs=EPOCHS,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        default_root_dir=tmp_path,
    )
    with mlflow.start_run() as run:
        trainer.fit(model, DataLoader(TensorDataset(rows, labels), batch_size=32))

    stored = mlflow_client.get_run(run.info.run_id)
    assert stored.data.params["optimizer_name"] == "Adam" and stored.data.params["lr"] == "0.05"
    losses = mlflow_client.get_metric_history(run.info.run_id, "loss")
    assert len(losses) == EPOCHS and losses[-1].value < losses[0].value
    output = stored.outputs.model_outputs[0]
    loaded = mlflow.pytorch.load_model(f"models:/{output.model_id}").eval()
    with torch.no_grad():
        torch.testing.assert_close(loaded(rows), model.eval()(rows))
