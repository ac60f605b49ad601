"""A model of ONNX Runtime for MLServer, the way its documentation says for what it has no runtime of its own for."""

import numpy
import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse


class OnnxModel(MLModel):
    async def load(self) -> bool:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(self.settings.parameters.uri, options, providers=["CPUExecutionProvider"])
        self._names = [output.name for output in self._session.get_outputs()]
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        feed = {tensor.name: NumpyCodec.decode_input(tensor) for tensor in payload.inputs}
        outputs = []
        for name, found in zip(self._names, self._session.run(self._names, feed)):
            text = found.dtype == numpy.object_
            outputs.append(StringCodec.encode_output(name, found.tolist()) if text else NumpyCodec.encode_output(name, found))
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=outputs)
