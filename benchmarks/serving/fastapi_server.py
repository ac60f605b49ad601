"""The model behind FastAPI, as one writes it with care for speed: the body through orjson, no model of it to validate, one thread of ONNX Runtime.

    fastapi_server.py MODEL PORT
"""

import sys

import fastapi
import numpy
import onnxruntime
import orjson
import uvicorn

app = fastapi.FastAPI()
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
outputs = [output.name for output in session.get_outputs()]
DATATYPES = {"float32": "FP32", "object": "BYTES", "int64": "INT64"}


@app.get("/health")
async def health():
    return {}


@app.post("/v2/models/{model}/infer")
async def infer(model: str, request: fastapi.Request):
    body = orjson.loads(await request.body())
    feed = {
        tensor["name"]: numpy.array(tensor["data"], dtype=numpy.float32).reshape(tensor["shape"])
        for tensor in body["inputs"]
    }
    answers = session.run(outputs, feed)
    answer = {
        "model_name": model,
        "model_version": "1",
        "outputs": [
            {"name": name, "datatype": DATATYPES[found.dtype.name], "shape": found.shape, "data": found.ravel().tolist()}
            for name, found in zip(outputs, answers)
        ],
    }
    return fastapi.Response(orjson.dumps(answer), media_type="application/json")


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), loop="uvloop", http="httptools", access_log=False, log_level="warning")
