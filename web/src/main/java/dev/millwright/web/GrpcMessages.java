package dev.millwright.web;

import dev.millwright.inference.messages.InferBatchStatistics;
import dev.millwright.inference.messages.InferParameter;
import dev.millwright.inference.messages.InferStatistics;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.inference.messages.ModelInferRequest.InferRequestedOutputTensor;
import dev.millwright.inference.messages.ModelInferResponse;
import dev.millwright.inference.messages.ModelMetadataResponse;
import dev.millwright.inference.messages.ModelStatistics;
import dev.millwright.inference.messages.StatisticDuration;
import dev.millwright.remote.GrpcTensors;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.InferResponse;
import dev.millwright.serving.protocol.RequestProblems;
import dev.millwright.serving.protocol.RequestedOutput;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorForm;
import dev.millwright.serving.protocol.TensorMetadata;
import dev.millwright.serving.protocol.TensorParameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests and answers as messages, and back. */
final class GrpcMessages {
    private GrpcMessages() {}

    /** Answers come in the style of the request: as bytes when its tensors did. */
    static InferRequest read(ModelInferRequest request) {
        TensorForm form = request.getRawInputContentsCount() > 0 ? TensorForm.BINARY : TensorForm.JSON;
        return new InferRequest(
                Optional.of(request.getId()).filter(id -> !id.isEmpty()),
                parameters(request.getParametersMap()),
                GrpcTensors.readInputs(request.getInputsList(), request.getRawInputContentsList()),
                outputs(request.getOutputsList(), form),
                form);
    }

    private static List<RequestedOutput> outputs(List<InferRequestedOutputTensor> asked, TensorForm form) {
        List<RequestedOutput> outputs = new ArrayList<>(asked.size());
        RequestProblems problems = new RequestProblems();
        for (int i = 0; i < asked.size(); i++) {
            InferRequestedOutputTensor output = asked.get(i);
            outputs.add(new RequestedOutput(output.getName(), form));
            for (String parameter : output.getParametersMap().keySet()) {
                String place = "outputs[" + i + "].";
                TensorParameters.refusal(parameter).ifPresent(refusal -> problems.add(place + refusal));
            }
        }
        problems.requireNone();
        return outputs;
    }

    private static Map<String, Object> parameters(Map<String, InferParameter> sent) {
        Map<String, Object> parameters = new HashMap<>();
        sent.forEach((name, value) -> {
            switch (value.getParameterChoiceCase()) {
                case BOOL_PARAM -> parameters.put(name, value.getBoolParam());
                case INT64_PARAM -> parameters.put(name, value.getInt64Param());
                case STRING_PARAM -> parameters.put(name, value.getStringParam());
                case DOUBLE_PARAM -> parameters.put(name, value.getDoubleParam());
                case UINT64_PARAM -> parameters.put(name, value.getUint64Param());
                case PARAMETERCHOICE_NOT_SET -> {}
            }
        });
        return parameters;
    }

    static ModelInferResponse write(InferRequest request, InferResponse answer) {
        ModelInferResponse.Builder response = ModelInferResponse.newBuilder()
                .setModelName(answer.modelName())
                .setModelVersion(answer.modelVersion())
                .setId(answer.id().orElse(""));
        answer.parameters()
                .forEach((name, value) -> response.putParameters(
                        name, InferParameter.newBuilder().setStringParam(value).build()));
        boolean raw = request.form() == TensorForm.BINARY
                || !answer.outputs().stream().allMatch(GrpcTensors::hasContents);
        for (Tensor output : answer.outputs()) {
            ModelInferResponse.InferOutputTensor.Builder tensor = response.addOutputsBuilder()
                    .setName(output.name())
                    .setDatatype(output.datatype().name());
            for (long size : output.shape()) {
                tensor.addShape(size);
            }
            if (raw) {
                response.addRawOutputContents(GrpcTensors.raw(output));
            } else {
                tensor.setContents(GrpcTensors.contents(output));
            }
        }
        return response.build();
    }

    static List<ModelMetadataResponse.TensorMetadata> metadata(List<TensorMetadata> tensors) {
        return tensors.stream().map(GrpcMessages::metadata).toList();
    }

    private static ModelMetadataResponse.TensorMetadata metadata(TensorMetadata tensor) {
        ModelMetadataResponse.TensorMetadata.Builder metadata = ModelMetadataResponse.TensorMetadata.newBuilder()
                .setName(tensor.name())
                .setDatatype(tensor.datatype().name());
        for (long size : tensor.shape()) {
            metadata.addShape(size);
        }
        return metadata.build();
    }

    static ModelStatistics statistics(InferenceStatistics.ModelStatistics model) {
        InferenceStatistics.Requests requests = model.inferenceStats();
        return ModelStatistics.newBuilder()
                .setName(model.name())
                .setVersion(model.version())
                .setLastInference(model.lastInference())
                .setInferenceCount(model.inferenceCount())
                .setExecutionCount(model.executionCount())
                .setInferenceStats(InferStatistics.newBuilder()
                        .setSuccess(timed(requests.success()))
                        .setFail(timed(requests.fail()))
                        .setQueue(timed(requests.queue()))
                        .setComputeInput(timed(requests.computeInput()))
                        .setComputeInfer(timed(requests.computeInfer()))
                        .setComputeOutput(timed(requests.computeOutput()))
                        .setCacheHit(timed(requests.cacheHit()))
                        .setCacheMiss(timed(requests.cacheMiss())))
                .addAllBatchStats(model.batchStats().stream()
                        .map(batch -> InferBatchStatistics.newBuilder()
                                .setBatchSize(batch.batchSize())
                                .setComputeInput(timed(batch.computeInput()))
                                .setComputeInfer(timed(batch.computeInfer()))
                                .setComputeOutput(timed(batch.computeOutput()))
                                .build())
                        .toList())
                .build();
    }

    private static StatisticDuration timed(InferenceStatistics.Timed timed) {
        return StatisticDuration.newBuilder()
                .setCount(timed.count())
                .setNs(timed.ns())
                .build();
    }
}
