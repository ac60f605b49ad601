"""What the tests of both wires send, and what must come back."""

import ml_dtypes
import numpy as np

FIRST = np.arange(16, dtype=np.int32).reshape(1, 16)
SECOND = np.full((1, 16), 3, np.int32)

# What the graph `echo` takes, each at the ends of its range.
EVERY_DATATYPE = {
    "bool": ("BOOL", np.array([[True, False, True]])),
    "uint8": ("UINT8", np.array([[0, 127, 255]], np.uint8)),
    "int8": ("INT8", np.array([[-128, 0, 127]], np.int8)),
    "int16": ("INT16", np.array([[-32768, 1, 32767]], np.int16)),
    "int32": ("INT32", np.array([[-(2**31), 1, 2**31 - 1]], np.int32)),
    "int64": ("INT64", np.array([[-(2**63), 2**53 + 1, 2**63 - 1]], np.int64)),
    "fp16": ("FP16", np.array([[0.5, -65504, np.inf]], np.float16)),
    "bf16": ("BF16", np.array([[0.5, -3.0, np.inf]], ml_dtypes.bfloat16)),
    "fp32": ("FP32", np.array([[0.1, -np.inf, np.nan]], np.float32)),
    "fp64": ("FP64", np.array([[0.1, 1e300, np.nan]], np.float64)),
    "bytes": ("BYTES", np.array([["", "žluťoučký 🐎", "a\nb"]], object)),
}


def tensors(client, arrays, **how):
    """The arrays as inputs of a module of tritonclient, by name: an array, or a datatype and an array."""
    from tritonclient.utils import np_to_triton_dtype

    inputs = []
    for name, array in arrays.items():
        datatype, array = array if isinstance(array, tuple) else (np_to_triton_dtype(array.dtype), array)
        tensor = client.InferInput(name, list(array.shape), datatype)
        tensor.set_data_from_numpy(array, **how)
        inputs.append(tensor)
    return inputs


def pair(client, first=FIRST, second=SECOND, **how):
    return tensors(client, {"INPUT0": first, "INPUT1": second}, **how)


def written(numbers):
    return np.vectorize(str, otypes=[object])(numbers)


def read(texts):
    """Texts as both forms give them: bytes, or strings from JSON."""
    return np.vectorize(lambda text: text.decode() if isinstance(text, bytes) else text, otypes=[object])(texts)


def assert_sum_and_difference(answer, first=FIRST, second=SECOND):
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT0"), first + second)
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT1"), first - second)


def assert_written_sum_and_difference(answer, first=FIRST, second=SECOND):
    np.testing.assert_array_equal(read(answer.as_numpy("OUTPUT0")), written(first + second))
    np.testing.assert_array_equal(read(answer.as_numpy("OUTPUT1")), written(first - second))


def assert_echoed(answer, names):
    for name in names:
        sent = EVERY_DATATYPE[name][1]
        got = answer.as_numpy(f"{name}_out")
        if name == "bytes":
            got = read(got)
        else:
            assert got.dtype == sent.dtype
        np.testing.assert_array_equal(got, sent, err_msg=name)


def by_name(tensors):
    return {tensor["name"]: (tensor["datatype"], [int(size) for size in tensor["shape"]]) for tensor in tensors}
