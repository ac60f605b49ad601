package dev.millwright.web;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.serving.Samples;
import dev.millwright.serving.protocol.EncodedBody;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.InferResponse;
import dev.millwright.serving.protocol.NumberForm;
import dev.millwright.serving.protocol.OpenInferenceJson;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Requests of thirty columns to feature rows, by every wire, and predictions to an answer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    @Param({"1", "64"})
    public int rows;

    private final FeatureTensors tensors = new FeatureTensors(Samples.SIGNATURE);
    private byte[] json;
    private byte[] binary;
    private int binaryHead;
    private byte[] message;
    private InferRequest asked;
    private Predictions predictions;

    @Setup
    public void encode() {
        Frame frame = Samples.rows(rows);
        List<String> inputs = new ArrayList<>();
        List<String> heads = new ArrayList<>();
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        ModelInferRequest.Builder typed = ModelInferRequest.newBuilder().setModelName("model");
        for (FeatureColumn column : frame.columns()) {
            float[] numbers = ((FeatureColumn.Numeric) column).values();
            String head = "{\"name\":\"" + column.name() + "\",\"datatype\":\"FP32\",\"shape\":[" + rows + ",1],";
            inputs.add(head + "\"data\":" + Arrays.toString(numbers).replace(" ", "") + "}");
            heads.add(head + "\"parameters\":{\"binary_data_size\":" + 4 * rows + "}}");
            ByteBuffer packed = ByteBuffer.allocate(4 * rows).order(ByteOrder.LITTLE_ENDIAN);
            var contents = typed.addInputsBuilder()
                    .setName(column.name())
                    .setDatatype("FP32")
                    .addShape(rows)
                    .addShape(1)
                    .getContentsBuilder();
            for (float number : numbers) {
                packed.putFloat(number);
                contents.addFp32Contents(number);
            }
            values.writeBytes(packed.array());
        }
        json = request(inputs).getBytes(StandardCharsets.UTF_8);
        byte[] head = request(heads).getBytes(StandardCharsets.UTF_8);
        binaryHead = head.length;
        binary = ByteBuffer.allocate(head.length + values.size())
                .put(head)
                .put(values.toByteArray())
                .array();
        message = typed.build().toByteArray();
        asked = OpenInferenceJson.readRequest(json, json.length, NumberForm.FLOATS);
        predictions = Samples.predictions(rows);
    }

    private static String request(List<String> inputs) {
        return inputs.stream().collect(Collectors.joining(",", "{\"id\":\"42\",\"inputs\":[", "]}"));
    }

    @Benchmark
    public Frame readJson() {
        return tensors.rows(OpenInferenceJson.readRequest(json, json.length, NumberForm.FLOATS));
    }

    @Benchmark
    public Frame readBinary() {
        return tensors.rows(OpenInferenceJson.readRequest(binary, binaryHead, NumberForm.FLOATS));
    }

    @Benchmark
    public Frame readGrpc() throws InvalidProtocolBufferException {
        return tensors.rows(GrpcMessages.read(ModelInferRequest.parseFrom(message)));
    }

    @Benchmark
    public EncodedBody writeJson() {
        return OpenInferenceJson.writeResponse(asked, answer());
    }

    @Benchmark
    public byte[] writeGrpc() {
        return GrpcMessages.write(asked, answer()).toByteArray();
    }

    private InferResponse answer() {
        return new InferResponse(
                "model",
                "1",
                asked.id(),
                Map.of(FeatureTensors.PREDICTION_ID, "019b7e94-327b-77e7-84a8-d79f6cdb580b"),
                FeatureTensors.outputs(asked, predictions, row -> "019b7e94-327b-77e7-84a8-d79f6cdb580b-" + row));
    }
}
