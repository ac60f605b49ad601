"""tritonclient over HTTP: what it sends by default, and everything that it can be told to send."""

import asyncio
import json
import urllib.error
import urllib.request

import numpy as np
import pytest
import tritonclient.http as http
import tritonclient.http.aio as aio
from conftest import GRAPHS
from tensors import (
    EVERY_DATATYPE,
    FIRST,
    SECOND,
    assert_echoed,
    assert_sum_and_difference,
    assert_written_sum_and_difference,
    by_name,
    pair,
    tensors,
    written,
)
from tritonclient.utils import InferenceServerException


@pytest.fixture(scope="module")
def client(millwright):
    with http.InferenceServerClient(f"127.0.0.1:{millwright.port}", concurrency=8) as client:
        yield client


@pytest.fixture(scope="module")
def simple(graph):
    return graph("simple")


def test_the_server_and_its_models_describe_themselves(client, simple):
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(simple)
    server = client.get_server_metadata()
    assert server["name"] == "millwright"
    assert {"binary_tensor_data", "model_repository", "statistics"} <= set(server["extensions"])
    model = client.get_model_metadata(simple)
    assert model["platform"] == "onnx_onnxv1" and client.is_model_ready(simple, model["versions"][0])
    assert by_name(model["inputs"]) == {"INPUT0": ("INT32", [-1, 16]), "INPUT1": ("INT32", [-1, 16])}
    assert by_name(model["outputs"]) == {"OUTPUT0": ("INT32", [-1, 16]), "OUTPUT1": ("INT32", [-1, 16])}
    assert not client.is_model_ready("simpel") and not client.is_model_ready(simple, "77")


def test_what_it_sends_by_default_is_binary_and_so_is_the_answer(client, simple):
    answer = client.infer(simple, pair(http))

    assert_sum_and_difference(answer)
    assert answer.get_response()["model_name"] == simple
    for output in answer.get_response()["outputs"]:
        assert output["parameters"]["binary_data_size"] == 64 and "data" not in output


@pytest.mark.parametrize("binary_input", [True, False])
@pytest.mark.parametrize("binary_output", [True, False])
def test_each_output_comes_in_the_form_that_is_asked_for(client, simple, binary_input, binary_output):
    wanted = [
        http.InferRequestedOutput("OUTPUT1", binary_data=binary_output),
        http.InferRequestedOutput("OUTPUT0", binary_data=not binary_output),
    ]
    answer = client.infer(simple, pair(http, binary_data=binary_input), outputs=wanted)

    assert_sum_and_difference(answer)
    assert ("data" in answer.get_output("OUTPUT1")) != binary_output
    assert ("data" in answer.get_output("OUTPUT0")) == binary_output


def test_outputs_that_nobody_asks_for_do_not_come(client, simple):
    answer = client.infer(simple, pair(http), outputs=[http.InferRequestedOutput("OUTPUT1")])

    assert [output["name"] for output in answer.get_response()["outputs"]] == ["OUTPUT1"]


@pytest.mark.parametrize("rows", [1, 7, 3000])
@pytest.mark.parametrize("binary", [True, False])
def test_texts_are_as_good_as_numbers(client, graph, rows, binary):
    first = np.arange(rows * 16, dtype=np.int32).reshape(rows, 16)
    second = first[::-1].copy()
    answer = client.infer(graph("simple_string"), pair(http, written(first), written(second), binary_data=binary))

    assert_written_sum_and_difference(answer, first, second)


def test_every_datatype_comes_back_as_it_was_sent(client, graph):
    answer = client.infer(graph("echo"), tensors(http, EVERY_DATATYPE))

    assert_echoed(answer, EVERY_DATATYPE)
    model = client.get_model_metadata("echo")
    assert by_name(model["inputs"]) == {name: (datatype, [-1, -1]) for name, (datatype, _) in EVERY_DATATYPE.items()}


def test_json_brings_every_datatype_that_it_can_hold(client, graph):
    names = [name for name in EVERY_DATATYPE if name not in ("fp16", "bf16")]
    finite = {**EVERY_DATATYPE, "fp32": ("FP32", np.float32([[0.1, -3e38, 0]])), "fp64": ("FP64", np.float64([[0.1, 1e300, 5e-324]]))}
    inputs = tensors(http, {name: finite[name] for name in names}, binary_data=False)
    inputs += tensors(http, {name: finite[name] for name in ("fp16", "bf16")})
    wanted = [http.InferRequestedOutput(f"{name}_out", binary_data=False) for name in names]
    answer = client.infer(graph("echo"), inputs, outputs=wanted)

    for name in names:
        got, sent = answer.as_numpy(f"{name}_out"), finite[name][1]
        np.testing.assert_array_equal(got, sent.astype(got.dtype) if name != "bytes" else sent, err_msg=name)


def test_numbers_that_can_only_come_out(client, graph):
    x = np.array([0, 65535], np.int64)
    answer = client.infer(graph("unsigned"), tensors(http, {"x": x}))

    for name, kind in ("u16", np.uint16), ("u32", np.uint32), ("u64", np.uint64):
        assert answer.as_numpy(name).dtype == kind
        np.testing.assert_array_equal(answer.as_numpy(name), x)


@pytest.mark.parametrize("request_algorithm", [None, "gzip", "deflate"])
@pytest.mark.parametrize("response_algorithm", [None, "gzip", "deflate"])
def test_bodies_may_be_compressed_both_ways(client, simple, request_algorithm, response_algorithm):
    first = np.arange(16 * 500, dtype=np.int32).reshape(500, 16)
    answer = client.infer(
        simple,
        pair(http, first, first),
        request_compression_algorithm=request_algorithm,
        response_compression_algorithm=response_algorithm,
    )

    assert_sum_and_difference(answer, first, first)


def test_requests_in_flight_at_once_get_their_own_answers(client, simple):
    asked = [(client.async_infer(simple, pair(http, FIRST + i), request_id=str(i)), i) for i in range(50)]

    for waiting, i in asked:
        answer = waiting.get_result()
        assert answer.get_response()["id"] == str(i)
        assert_sum_and_difference(answer, FIRST + i)


def test_id_version_and_parameters_are_understood(client, simple):
    version = client.get_model_metadata(simple)["versions"][-1]
    answer = client.infer(
        simple,
        pair(http),
        model_version=version,
        request_id="mine-žluť",
        sequence_id=7,
        sequence_start=True,
        priority=3,
        timeout=20_000_000,
        parameters={"campaign": "spring", "share": 0.5, "urgent": True},
    )

    assert_sum_and_difference(answer)
    response = answer.get_response()
    assert response["id"] == "mine-žluť" and response["model_version"] == version
    assert response["parameters"]["prediction_id"]


def test_a_body_may_be_the_tensor_itself(millwright, graph):
    request = urllib.request.Request(
        f"{millwright.url}/v2/models/{graph('total')}/infer",
        data=np.array([1.5, 2, 3]).tobytes(),
        headers={"Inference-Header-Content-Length": "0"},
    )
    with urllib.request.urlopen(request) as answer:
        body, length = answer.read(), int(answer.headers["Inference-Header-Content-Length"])
    assert json.loads(body[:length])["outputs"][0]["shape"] == []
    assert np.frombuffer(body[length:], np.float64) == [6.5]


def test_class_probabilities_in_maps_become_a_matrix_and_its_keys(client, graph):
    x = np.float32([[0, 2], [3, 0], [1, 1]])
    expected = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    for name, keys in ("zipmap_text", [b"no", b"yes"]), ("zipmap_whole", [0, 7]):
        answer = client.infer(graph(name), tensors(http, {"x": x}))

        np.testing.assert_allclose(answer.as_numpy("probability"), expected, atol=1e-6)
        assert answer.as_numpy("probability.keys").tolist() == keys
        assert answer.as_numpy("position").tolist() == [1, 0, 0]


def test_a_sequence_becomes_one_tensor_and_its_lengths(client, graph):
    x = np.arange(6, dtype=np.float32).reshape(3, 2)
    answer = client.infer(graph("split"), tensors(http, {"x": x}))

    np.testing.assert_array_equal(answer.as_numpy("parts"), x)
    assert answer.as_numpy("parts.lengths").tolist() == [1, 2]


NARROW = FIRST[:, :15].copy()
REFUSED = {
    "shape": (lambda: pair(http, FIRST, NARROW), r"inputs\[1\]\.shape: \[1,15\] \(expected: \[-1,16\]\)"),
    "rank": (lambda: pair(http, FIRST, SECOND[0]), r"inputs\[1\]\.shape: \[16\] \(expected: \[-1,16\]\)"),
    "datatype": (lambda: pair(http, FIRST.astype(np.float32)), r"inputs\[0\]\.datatype: FP32 \(expected: INT32\)"),
    "input": (
        lambda: tensors(http, {"INPUT0": FIRST, "INPUT2": SECOND}),
        r"(?s)inputs\[1\]\.name: INPUT2 \(expected: an input of the model\).*inputs: INPUT1 is missing",
    ),
    "missing": (lambda: pair(http)[:1], "inputs: INPUT1 is missing"),
    "twice": (lambda: pair(http) + pair(http)[:1], r"inputs\[2\]\.name: INPUT0 a second time"),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_what_does_not_fit_is_refused_with_its_place(client, simple, mistake):
    inputs, message = REFUSED[mistake]
    with pytest.raises(InferenceServerException, match=message) as refused:
        client.infer(simple, inputs())
    assert refused.value.status() == "400"


def test_what_is_not_there_is_said_with_what_was_probably_meant(client, simple):
    with pytest.raises(InferenceServerException, match="simpel is not served. Did you mean 'simple'") as model:
        client.infer("simpel", pair(http))
    with pytest.raises(InferenceServerException, match="version: 77 does not serve on simple") as version:
        client.infer(simple, pair(http), model_version="77")
    with pytest.raises(InferenceServerException, match=r"outputs\[0\].name: OUTPUT9 .*Did you mean 'OUTPUT") as output:
        client.infer(simple, pair(http), outputs=[http.InferRequestedOutput("OUTPUT9")])
    assert [each.value.status() for each in (model, version, output)] == ["404", "404", "400"]


def test_an_error_is_a_field_of_an_object(millwright, simple):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{millwright.url}/v2/models/{simple}/infer", data=b'{"inputs": [}')
    answer = json.load(refused.value)
    assert refused.value.code == 400 and answer["error"].startswith("body: ")


def test_the_repository_is_listed_loaded_and_unloaded(client, millwright):
    millwright.run("models", "import", GRAPHS / "simple.onnx", "--name", "put-by", "--tensors")

    def states():
        return {entry["name"]: entry["state"] for entry in client.get_model_repository_index()}

    assert states()["put-by"] == "UNAVAILABLE"
    client.load_model("put-by")
    assert states()["put-by"] == "READY" and client.is_model_ready("put-by")
    assert_sum_and_difference(client.infer("put-by", pair(http)))
    client.unload_model("put-by")
    assert states()["put-by"] == "UNAVAILABLE" and not client.is_model_ready("put-by")
    with pytest.raises(InferenceServerException, match="put-by is not served"):
        client.infer("put-by", pair(http))
    client.load_model("put-by")
    assert_sum_and_difference(client.infer("put-by", pair(http)))
    with pytest.raises(InferenceServerException, match="put-buy"):
        client.load_model("put-buy")
    with pytest.raises(InferenceServerException, match="parameters.config: not supported"):
        client.load_model("put-by", config="{}")


def test_statistics_count_what_was_asked(client, simple):
    def counted():
        [model] = client.get_inference_statistics(simple)["model_stats"]
        return model

    before = counted()
    for rows in 1, 4:
        client.infer(simple, pair(http, FIRST.repeat(rows, axis=0), SECOND.repeat(rows, axis=0)))
    after = counted()

    assert after["inference_count"] - before["inference_count"] == 5
    assert after["execution_count"] - before["execution_count"] == 2
    assert after["inference_stats"]["success"]["count"] - before["inference_stats"]["success"]["count"] == 2
    assert after["inference_stats"]["compute_infer"]["ns"] > before["inference_stats"]["compute_infer"]["ns"]
    assert {batch["batch_size"] for batch in after["batch_stats"]} >= {1, 4}
    assert simple in {model["name"] for model in client.get_inference_statistics()["model_stats"]}


def test_many_at_once_from_one_thread(millwright, simple):
    async def ask():
        async with aio.InferenceServerClient(f"127.0.0.1:{millwright.port}") as client:
            assert await client.is_server_ready() and await client.is_model_ready(simple)
            answers = await asyncio.gather(*[client.infer(simple, pair(aio, FIRST + i)) for i in range(60)])
            with pytest.raises(InferenceServerException, match="INPUT1 is missing"):
                await client.infer(simple, pair(aio)[:1])
            compressed = await client.infer(
                simple, pair(aio), request_compression_algorithm="gzip", response_compression_algorithm="gzip"
            )
        return [*answers, compressed]

    *answers, compressed = asyncio.run(ask())
    for i, answer in enumerate(answers):
        assert_sum_and_difference(answer, FIRST + i)
    assert_sum_and_difference(compressed)
