package dev.millwright.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Any ONNX graph in this process, with the inputs and outputs that it names itself. What is no tensor becomes one; see
 * {@link GraphOutputs}. Thread-safe; calls run in parallel.
 */
public final class OnnxTensorModel implements TensorModel {
    private final OnnxSession session;
    private final List<TensorMetadata> inputs;
    private final List<GraphOutput> outputs;
    private final List<TensorMetadata> outputMetadata;
    private final boolean takesBatches;
    private final int largestBatch;
    private final Lifetime lifetime = new Lifetime("model");

    private OnnxTensorModel(
            OnnxSession session, List<TensorMetadata> inputs, List<GraphOutput> outputs, int largestBatch) {
        this.session = session;
        this.largestBatch = largestBatch;
        this.inputs = inputs;
        this.outputs = outputs;
        this.outputMetadata =
                outputs.stream().flatMap(output -> output.metadata().stream()).toList();
        this.takesBatches = !inputs.isEmpty()
                && inputs.stream().allMatch(OnnxTensorModel::hasOpenRows)
                && outputs.stream()
                        .allMatch(output -> output instanceof GraphOutput.Plain plain && hasOpenRows(plain.tensor()));
    }

    private static boolean hasOpenRows(TensorMetadata tensor) {
        return tensor.shape().length > 0 && tensor.shape()[0] < 0;
    }

    /**
     * Loads a graph.
     *
     * @throws MillwrightException {@link ServingError#MODEL_UNFIT} naming the operators or types that are missing
     */
    public static OnnxTensorModel open(byte[] onnx, RuntimeOptions options) {
        OnnxSession session = OnnxSession.open(onnx, options);
        try {
            return new OnnxTensorModel(
                    session,
                    GraphTensors.inputs(session.session().getInputInfo()),
                    GraphTensors.outputs(session.session().getOutputInfo()),
                    options.largestBatch());
        } catch (OrtException e) {
            session.close();
            throw new MillwrightException(
                    ServingError.MODEL_UNFIT, "model: its inputs and outputs can't be read: " + e.getMessage(), e);
        } catch (MillwrightException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public List<TensorMetadata> inputs() {
        return inputs;
    }

    @Override
    public List<TensorMetadata> outputs() {
        return outputMetadata;
    }

    @Override
    public boolean takesBatches() {
        return takesBatches;
    }

    @Override
    public void warmUp() {
        OnnxSession.warmUp(
                takesBatches ? largestBatch : 1,
                rows -> BlankTensors.of(inputs, rows).ifPresent(this::run));
    }

    @Override
    public List<Tensor> run(List<Tensor> tensors) {
        lifetime.enter();
        try {
            return runOpen(tensors);
        } catch (OrtException e) {
            if (e.getCode() == OrtException.OrtErrorCode.ORT_INVALID_ARGUMENT) {
                throw new InvalidInputException(
                        "inputs: " + e.getMessage() + " (expected: shapes and values that the model's operators take)");
            }
            throw new MillwrightException(ServingError.INFERENCE_FAILED, "model: failed: " + e.getMessage(), e);
        } finally {
            lifetime.leave();
        }
    }

    private List<Tensor> runOpen(List<Tensor> tensors) throws OrtException {
        Map<String, OnnxTensorLike> given = new HashMap<>();
        try {
            for (Tensor tensor : tensors) {
                given.put(tensor.name(), OnnxTensors.write(OrtEnvironment.getEnvironment(), tensor));
            }
            List<Tensor> answers = new ArrayList<>();
            try (OrtSession.Result result = session.session().run(given)) {
                for (GraphOutput output : outputs) {
                    OnnxValue value = result.get(output.name()).orElseThrow();
                    answers.addAll(GraphOutputs.read(output, value));
                }
            }
            return answers;
        } finally {
            given.values().forEach(tensor -> ((OnnxTensor) tensor).close());
        }
    }

    @Override
    public void close() {
        lifetime.close(session::close);
    }

    @Override
    public String toString() {
        return "OnnxTensorModel" + inputs.stream().map(TensorMetadata::name).toList();
    }
}
