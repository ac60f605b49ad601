"""tritonclient over gRPC, and the forms of messages that other clients of the protocol send."""

import asyncio
import queue

import grpc
import numpy as np
import pytest
import tritonclient.grpc as triton
import tritonclient.grpc.aio as aio
from conftest import GRAPHS
from onnx import TensorProto, helper, save
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
from tritonclient.grpc import service_pb2 as messages
from tritonclient.grpc import service_pb2_grpc
from tritonclient.utils import InferenceServerException

PATIENCE = 30


@pytest.fixture(scope="module")
def client(millwright):
    with triton.InferenceServerClient(f"127.0.0.1:{millwright.port}") as client:
        yield client


@pytest.fixture(scope="module")
def channel(millwright):
    with grpc.insecure_channel(f"127.0.0.1:{millwright.port}") as channel:
        yield channel


@pytest.fixture(scope="module")
def simple(graph):
    return graph("simple")


def test_the_server_and_its_models_describe_themselves(client, simple):
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(simple)
    server = client.get_server_metadata()
    assert server.name == "millwright" and "binary_tensor_data" in server.extensions
    model = client.get_model_metadata(simple, as_json=True)
    assert model["platform"] == "onnx_onnxv1" and client.is_model_ready(simple, model["versions"][0])
    assert by_name(model["inputs"]) == {"INPUT0": ("INT32", [-1, 16]), "INPUT1": ("INT32", [-1, 16])}
    assert not client.is_model_ready(simple, "77")


@pytest.mark.parametrize("compression", [None, "gzip", "deflate"])
def test_numbers_come_back_as_bytes_compressed_or_not(client, simple, compression):
    first = np.arange(16 * 500, dtype=np.int32).reshape(500, 16)
    answer = client.infer(simple, pair(triton, first, first), compression_algorithm=compression)

    assert_sum_and_difference(answer, first, first)
    assert len(answer.get_response().raw_output_contents) == 2


def test_outputs_that_nobody_asks_for_do_not_come(client, simple):
    answer = client.infer(simple, pair(triton), outputs=[triton.InferRequestedOutput("OUTPUT1")])

    assert [output.name for output in answer.get_response().outputs] == ["OUTPUT1"]


def test_texts_are_as_good_as_numbers(client, graph):
    answer = client.infer(graph("simple_string"), pair(triton, written(FIRST), written(SECOND)))

    assert_written_sum_and_difference(answer)


def test_every_datatype_comes_back_as_it_was_sent(client, graph):
    assert_echoed(client.infer(graph("echo"), tensors(triton, EVERY_DATATYPE)), EVERY_DATATYPE)


def test_more_than_four_megabytes_are_taken_and_given(client, simple):
    first = np.arange(16 * 100_000, dtype=np.int32).reshape(100_000, 16)

    assert_sum_and_difference(client.infer(simple, pair(triton, first, first)), first, first)


def test_maps_and_sequences_become_tensors(client, graph):
    answer = client.infer(graph("zipmap_text"), tensors(triton, {"x": np.float32([[0, 0]])}))
    np.testing.assert_allclose(answer.as_numpy("probability"), [[0.5, 0.5]])
    assert answer.as_numpy("probability.keys").tolist() == [b"no", b"yes"]
    answer = client.infer(graph("split"), tensors(triton, {"x": np.zeros((3, 2), np.float32)}))
    assert answer.as_numpy("parts").shape == (3, 2) and answer.as_numpy("parts.lengths").tolist() == [1, 2]


def contents(name, datatype, shape, **elements):
    return messages.ModelInferRequest.InferInputTensor(
        name=name, datatype=datatype, shape=shape, contents=messages.InferTensorContents(**elements)
    )


def test_elements_in_messages_are_answered_in_messages(channel, simple):
    inputs = [
        contents("INPUT0", "INT32", [1, 16], int_contents=FIRST[0].tolist()),
        contents("INPUT1", "INT32", [1, 16], int_contents=SECOND[0].tolist()),
    ]
    ask = service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer
    answer = ask(messages.ModelInferRequest(model_name=simple, id="kept", inputs=inputs))

    assert answer.id == "kept" and not answer.raw_output_contents
    assert list(answer.outputs[0].contents.int_contents) == (FIRST + SECOND)[0].tolist()
    with pytest.raises(grpc.RpcError, match=r"inputs\[0\]\.contents: beside raw_input_contents") as both:
        ask(messages.ModelInferRequest(model_name=simple, inputs=inputs, raw_input_contents=[b"", b""]))
    assert both.value.code() is grpc.StatusCode.INVALID_ARGUMENT


ELEMENTS = {
    "bool": "bool_contents",
    "uint8": "uint_contents",
    "int8": "int_contents",
    "int16": "int_contents",
    "int32": "int_contents",
    "int64": "int64_contents",
    "fp32": "fp32_contents",
    "fp64": "fp64_contents",
    "bytes": "bytes_contents",
}


def elements(name):
    return [each.encode() if name == "bytes" else each for each in EVERY_DATATYPE[name][1][0].tolist()]


def typed(name):
    datatype, array = EVERY_DATATYPE[name]
    return contents(name, datatype, array.shape, **{ELEMENTS[name]: elements(name)})


@pytest.fixture(scope="module")
def typed_echo(millwright, tmp_path_factory):
    """The graph `echo` without what messages can't hold."""
    kinds = {name: helper.np_dtype_to_tensor_dtype(EVERY_DATATYPE[name][1].dtype) for name in ELEMENTS}
    file = tmp_path_factory.mktemp("graphs") / "typed_echo.onnx"
    graph = helper.make_graph(
        [helper.make_node("Identity", [name], [f"{name}_out"]) for name in kinds],
        "typed_echo",
        [helper.make_tensor_value_info(name, kind, ["N", "M"]) for name, kind in kinds.items()],
        [helper.make_tensor_value_info(f"{name}_out", kind, ["N", "M"]) for name, kind in kinds.items()],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), file)
    return millwright.serve(file, "typed_echo", "--tensors")


def test_messages_hold_every_datatype_but_half_precision(channel, typed_echo):
    answer = service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer(
        messages.ModelInferRequest(model_name=typed_echo, inputs=[typed(name) for name in ELEMENTS])
    )

    assert not answer.raw_output_contents
    assert {output.name for output in answer.outputs} == {f"{name}_out" for name in ELEMENTS}
    for output in answer.outputs:
        name = output.name.removesuffix("_out")
        assert output.datatype == EVERY_DATATYPE[name][0] and list(output.shape) == [1, 3]
        # NaN equals itself here, and what is sent as single precision comes back as that.
        np.testing.assert_array_equal(list(getattr(output.contents, ELEMENTS[name])), elements(name), err_msg=name)


def test_wide_unsigned_numbers_come_out_in_messages(channel, graph):
    sent = [0, 65535]
    answer = service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer(
        messages.ModelInferRequest(
            model_name=graph("unsigned"), inputs=[contents("x", "INT64", [2], int64_contents=sent)]
        )
    )
    found = {output.name: output for output in answer.outputs}

    for name, datatype, field in (
        ("u16", "UINT16", "uint_contents"),
        ("u32", "UINT32", "uint_contents"),
        ("u64", "UINT64", "uint64_contents"),
    ):
        assert found[name].datatype == datatype
        assert list(getattr(found[name].contents, field)) == sent


def test_messages_of_half_precision_are_refused(channel, graph):
    inputs = [typed(name) if name in ELEMENTS else contents(name, EVERY_DATATYPE[name][0], [1, 3]) for name in EVERY_DATATYPE]
    with pytest.raises(grpc.RpcError, match=r"contents: of FP16 \(expected: raw_input_contents\)") as refused:
        service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer(
            messages.ModelInferRequest(model_name=graph("echo"), inputs=inputs)
        )
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    for name in ELEMENTS:
        assert f"Input: {name}" not in refused.value.details()


def test_id_version_and_parameters_are_understood(client, simple):
    version = client.get_model_metadata(simple).versions[-1]
    answer = client.infer(
        simple,
        pair(triton),
        model_version=version,
        request_id="mine-žluť",
        priority=3,
        timeout=20_000_000,
        client_timeout=PATIENCE,
        headers={"x-request-source": "interop"},
        parameters={"campaign": "spring", "urgent": True, "share": 0.5},
    )
    response = answer.get_response()

    assert_sum_and_difference(answer)
    assert response.id == "mine-žluť" and response.model_version == version
    assert response.parameters["prediction_id"].string_param


@pytest.fixture(scope="module")
def turns(millwright, tmp_path_factory):
    """A graph that counts to what it is asked for: a million takes a good part of a second."""
    number = {name: helper.make_tensor_value_info(name, TensorProto.INT64, [1]) for name in ("turns", "count", "before", "after")}
    scalars = [helper.make_tensor_value_info("turn", TensorProto.INT64, []), helper.make_tensor_value_info("go", TensorProto.BOOL, [])]
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]), helper.make_node("Add", ["before", "one"], ["after"])],
        "body",
        [*scalars, number["before"]],
        [helper.make_tensor_value_info("on", TensorProto.BOOL, []), number["after"]],
    )
    graph = helper.make_graph(
        [helper.make_node("Loop", ["turns", "", "zero"], ["count"], body=body)],
        "turns",
        [number["turns"]],
        [number["count"]],
        [helper.make_tensor(name, TensorProto.INT64, [1], [value]) for name, value in (("zero", 0), ("one", 1))],
    )
    file = tmp_path_factory.mktemp("graphs") / "turns.onnx"
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), file)
    return millwright.serve(file, "turns", "--tensors")


def count_to(client, turns, number, patience):
    asked = triton.InferInput("turns", [1], "INT64")
    asked.set_data_from_numpy(np.array([number], dtype=np.int64))
    return client.infer(turns, [asked], client_timeout=patience).as_numpy("count").tolist()


def test_a_client_that_does_not_wait_is_told_so(client, turns):
    assert count_to(client, turns, 3, PATIENCE) == [3]
    with pytest.raises(InferenceServerException, match="Deadline Exceeded|DEADLINE_EXCEEDED"):
        count_to(client, turns, 1_000_000, 0.05)
    assert count_to(client, turns, 4, PATIENCE) == [4]


def test_answers_may_be_called_back(client, simple):
    answers = queue.Queue()
    for i in range(20):
        client.async_infer(simple, pair(triton, FIRST + i), lambda result, error: answers.put((result, error)), request_id=str(i))
    for _ in range(20):
        answer, error = answers.get(timeout=PATIENCE)
        assert error is None
        assert_sum_and_difference(answer, FIRST + int(answer.get_response().id))


def test_a_stream_is_answered_in_its_order_and_survives_a_mistake(client, simple):
    answers = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)))
    try:
        for i in range(20):
            client.async_stream_infer("simpel" if i == 10 else simple, pair(triton, FIRST + i), request_id=str(i))
        for i in range(20):
            answer, error = answers.get(timeout=PATIENCE)
            if i == 10:
                assert "simpel is not served" in str(error)
            else:
                assert error is None and answer.get_response().id == str(i)
                assert_sum_and_difference(answer, FIRST + i)
    finally:
        client.stop_stream()


INVALID, MISSING = "StatusCode.INVALID_ARGUMENT", "StatusCode.NOT_FOUND"
REFUSED = {
    "shape": (
        lambda client: client.infer("simple", pair(triton, FIRST, FIRST[:, :15].copy())),
        INVALID,
        r"inputs\[1\]\.shape: \[1,15\] \(expected: \[-1,16\]\)",
    ),
    "datatype": (
        lambda client: client.infer("simple", pair(triton, FIRST.astype(np.int64))),
        INVALID,
        r"inputs\[0\]\.datatype: INT64 \(expected: INT32\)",
    ),
    "input": (
        lambda client: client.infer("simple", tensors(triton, {"INPUT0": FIRST, "INPUT2": SECOND})),
        INVALID,
        r"(?s)inputs\[1\]\.name: INPUT2 .*INPUT1 is missing",
    ),
    "missing": (lambda client: client.infer("simple", pair(triton)[:1]), INVALID, "inputs: INPUT1 is missing"),
    "output": (
        lambda client: client.infer("simple", pair(triton), outputs=[triton.InferRequestedOutput("OUTPUT9")]),
        INVALID,
        r"outputs\[0\]\.name: OUTPUT9",
    ),
    "model": (lambda client: client.infer("simpel", pair(triton)), MISSING, "Did you mean 'simple'"),
    "version": (lambda client: client.infer("simple", pair(triton), model_version="77"), MISSING, "version: 77"),
    "metadata": (lambda client: client.get_model_metadata("simpel"), MISSING, "simpel is not served"),
    "statistics": (lambda client: client.get_inference_statistics("simpel"), MISSING, "simpel is not served"),
    "load": (lambda client: client.load_model("simpel"), MISSING, "simpel"),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_what_is_wrong_has_a_status_and_its_place(client, simple, mistake):
    ask, status, message = REFUSED[mistake]
    with pytest.raises(InferenceServerException, match=message) as refused:
        ask(client)
    assert refused.value.status() == status


def test_the_repository_is_listed_loaded_and_unloaded(client, millwright):
    millwright.run("models", "import", GRAPHS / "simple.onnx", "--name", "laid-by", "--tensors")

    def states():
        return {entry.name: entry.state for entry in client.get_model_repository_index().models}

    assert states()["laid-by"] == "UNAVAILABLE"
    client.load_model("laid-by")
    assert states()["laid-by"] == "READY"
    assert_sum_and_difference(client.infer("laid-by", pair(triton)))
    client.unload_model("laid-by")
    assert states()["laid-by"] == "UNAVAILABLE"
    with pytest.raises(InferenceServerException, match="parameters.config: not supported"):
        client.load_model("laid-by", config="{}")


def test_the_repository_understands_the_name_in_the_first_field_too(client, channel, millwright):
    """Messages of KServe's protocol file: the model's name is field 1, and the answer says it with a flag."""
    millwright.run("models", "import", GRAPHS / "simple.onnx", "--name", "named-first", "--tensors")
    message = b"\x0a\x0b" + b"named-first"
    for call, ready in ("RepositoryModelLoad", True), ("RepositoryModelUnload", False):
        answer = channel.unary_unary(f"/inference.GRPCInferenceService/{call}")(message)

        assert answer == message + b"\x10\x01"
        assert ("named-first" in {entry.name for entry in client.get_model_repository_index().models if entry.state == "READY"}) == ready
    with pytest.raises(grpc.RpcError, match="model_name: empty"):
        channel.unary_unary("/inference.GRPCInferenceService/RepositoryModelLoad")(b"")


def test_statistics_count_what_was_asked(client, simple):
    def counted():
        [model] = client.get_inference_statistics(simple).model_stats
        return model

    before = counted()
    client.infer(simple, pair(triton, FIRST.repeat(4, axis=0), SECOND.repeat(4, axis=0)))
    after = counted()

    assert after.inference_count - before.inference_count == 4
    assert after.execution_count - before.execution_count == 1
    assert after.inference_stats.success.count - before.inference_stats.success.count == 1
    assert 4 in {batch.batch_size for batch in after.batch_stats}
    assert simple in {model.name for model in client.get_inference_statistics().model_stats}


def test_what_is_not_spoken_is_said_to_be_so(client, simple):
    for ask in (lambda: client.get_model_config(simple), client.get_trace_settings, client.get_system_shared_memory_status):
        with pytest.raises(InferenceServerException) as refused:
            ask()
        assert refused.value.status() == "StatusCode.UNIMPLEMENTED"


def test_many_at_once_from_one_thread(millwright, simple):
    async def requests():
        for i in range(5):
            yield {"model_name": simple, "inputs": pair(aio, FIRST + i), "request_id": str(i)}

    async def ask():
        async with aio.InferenceServerClient(f"127.0.0.1:{millwright.port}") as client:
            assert await client.is_server_ready() and await client.is_model_ready(simple)
            answers = await asyncio.gather(*[client.infer(simple, pair(aio, FIRST + i)) for i in range(60)])
            with pytest.raises(InferenceServerException, match="INPUT1 is missing"):
                await client.infer(simple, pair(aio)[:1])
            streamed = [each async for each in client.stream_infer(requests())]
        return answers, streamed

    answers, streamed = asyncio.run(ask())
    for i, answer in enumerate(answers):
        assert_sum_and_difference(answer, FIRST + i)
    for i, (answer, error) in enumerate(streamed):
        assert error is None
        assert_sum_and_difference(answer, FIRST + i)
    assert len(streamed) == 5
