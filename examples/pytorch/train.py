"""Trains a network on two processes, which average their gradients (gloo), and logs it as ONNX. Run by pytorch.yaml."""

import inspect
import io
import json
import os
import tempfile

import mlflow
import numpy as np
import onnx
import pandas as pd
import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

SETTINGS = {"epochs": 6, "batch": 256, "learning_rate": 0.003, "hidden": 48}
PARITY_ROWS = 300
PROCESSES = 2

signature = json.load(open(os.environ["MILLWRIGHT_SIGNATURE"]))
columns = [column["name"] for column in signature["inputs"]]


class Network(torch.nn.Module):
    """From the columns as they are, missing ones too, to the probability of the second class."""

    def __init__(self, rows):
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(np.nanmean(rows, axis=0)))
        self.register_buffer("deviation", torch.from_numpy(np.nanstd(rows, axis=0) + 1e-6))
        width = rows.shape[1]
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(2 * width, SETTINGS["hidden"]),
            torch.nn.ReLU(),
            torch.nn.Linear(SETTINGS["hidden"], SETTINGS["hidden"]),
            torch.nn.ReLU(),
            torch.nn.Linear(SETTINGS["hidden"], 1),
        )

    def score(self, rows):
        missing = torch.isnan(rows)
        scaled = (torch.where(missing, self.mean, rows) - self.mean) / self.deviation
        # Amounts have long tails; this is the sign and the logarithm of the size.
        squeezed = torch.sign(scaled) * torch.log1p(torch.abs(scaled))
        return self.layers(torch.cat([squeezed, missing.to(rows.dtype)], dim=1))

    def forward(self, features):
        return torch.sigmoid(self.score(features))


def read(variable):
    table = pd.read_parquet(os.environ[variable])
    return table[columns].to_numpy(np.float32), table[signature["label"]].to_numpy(np.float32)


def fit(network, rows, labels, rank, report):
    torch.manual_seed(signature["seed"])
    parallel = DistributedDataParallel(network)
    optimiser = torch.optim.Adam(parallel.parameters(), lr=SETTINGS["learning_rate"])
    loss_of = torch.nn.BCELoss()
    mine = np.arange(rank, len(rows) - len(rows) % PROCESSES, PROCESSES)  # as many for each, or one would wait for ever
    x, y = torch.from_numpy(rows), torch.from_numpy(labels).unsqueeze(1)
    for epoch in range(1, SETTINGS["epochs"] + 1):
        order = np.random.default_rng([signature["seed"], epoch, rank]).permutation(mine)
        total = 0.0
        for at in range(0, len(order), SETTINGS["batch"]):
            batch = order[at : at + SETTINGS["batch"]]
            optimiser.zero_grad()
            loss = loss_of(parallel(x[batch]), y[batch])
            loss.backward()
            optimiser.step()
            total += loss.item() * len(batch)
        report(epoch, total / len(order))


def export(network, rows):
    """The network as ONNX, open in the number of rows."""
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        any_number = torch.export.Dim("rows")
        program = torch.onnx.export(network, (rows,), dynamo=True, dynamic_shapes=({0: any_number},), verbose=False)
        return program.model_proto
    file = io.BytesIO()  # PyTorch 1 has only this exporter
    names = {"input_names": ["features"], "output_names": ["probability"]}
    torch.onnx.export(network, rows, file, dynamic_axes={"features": {0: "rows"}, "probability": {0: "rows"}}, **names)
    return onnx.load_from_string(file.getvalue())


def join(rank, meeting):
    distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=PROCESSES)
    torch.set_num_threads(1)
    torch.manual_seed(signature["seed"])
    rows, labels = read("MILLWRIGHT_TRAIN")
    return Network(rows), rows, labels


def follow(_, meeting):
    """What the second process does: its half of each step."""
    fit(*join(1, meeting), 1, lambda epoch, loss: None)
    distributed.destroy_process_group()


def lead(meeting):
    """What the first does beside: log for both."""

    def report(epoch, loss):
        print(f"epoch {epoch}: loss {loss:.4f}")
        mlflow.log_metric("train_loss", loss, step=epoch)

    network, rows, labels = join(0, meeting)
    fit(network, rows, labels, 0, report)
    distributed.destroy_process_group()
    return network.eval()


def main():
    meeting = "file://" + os.path.join(tempfile.mkdtemp(), "meeting")
    with mlflow.start_run():  # the run that MLFLOW_RUN_ID names
        mlflow.log_params({**SETTINGS, "processes": PROCESSES})
        second = torch.multiprocessing.spawn(follow, (meeting,), join=False)
        network = lead(meeting)
        second.join()
        shown = torch.from_numpy(read("MILLWRIGHT_VALIDATION")[0][:PARITY_ROWS])
        mlflow.onnx.log_model(export(network, shown), name="model")
        with torch.no_grad():
            said = network(shown).squeeze(1).tolist()
        mlflow.log_dict({"probabilities": said}, "parity.json")  # Millwright holds the graph to it


if __name__ == "__main__":
    main()
