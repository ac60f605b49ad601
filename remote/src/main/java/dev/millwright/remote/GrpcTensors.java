package dev.millwright.remote;

import com.google.protobuf.ByteString;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.inference.messages.InferTensorContents;
import dev.millwright.inference.messages.ModelInferRequest.InferInputTensor;
import dev.millwright.inference.messages.ModelInferResponse.InferOutputTensor;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.RawTensors;
import dev.millwright.serving.protocol.RequestProblems;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorParameters;
import dev.millwright.serving.protocol.TensorValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** Tensors of gRPC's messages, and back: for those who ask and for those who answer. */
public final class GrpcTensors {
    private GrpcTensors() {}

    /** A tensor of a message, of whichever type the message is. */
    private record Sent(
            String name,
            String type,
            List<Long> sizes,
            Set<String> parameters,
            @Nullable InferTensorContents contents) {
        void requireSupported() {
            for (String parameter : parameters) {
                Optional<String> refusal = TensorParameters.refusal(parameter);
                if (refusal.isPresent()) {
                    throw new InvalidInputException(refusal.get());
                }
            }
        }

        Datatype datatype() {
            return Datatype.find(type)
                    .orElseThrow(() -> new InvalidInputException("datatype: '" + Words.shortened(type)
                            + "' (expected: one of the protocol's, such as FP32, INT64, BYTES)"));
        }

        long[] shape() {
            if (sizes.size() > Tensor.MOST_DIMENSIONS) {
                throw new InvalidInputException(
                        "shape: " + sizes.size() + " dimensions (expected: at most " + Tensor.MOST_DIMENSIONS + ")");
            }
            return sizes.stream().mapToLong(Long::longValue).toArray();
        }
    }

    /**
     * The inputs of a request, with their elements in the messages, or as bytes beside them.
     *
     * @throws InvalidInputException naming everything that is wrong with their form
     */
    public static List<Tensor> readInputs(List<InferInputTensor> inputs, List<ByteString> raw) {
        return read(
                "input",
                inputs.size(),
                i -> {
                    InferInputTensor input = inputs.get(i);
                    return new Sent(
                            input.getName(),
                            input.getDatatype(),
                            input.getShapeList(),
                            input.getParametersMap().keySet(),
                            given(input.getContents()));
                },
                raw);
    }

    /**
     * The outputs of an answer, in the same way.
     *
     * @throws InvalidInputException naming everything that is wrong with their form
     */
    public static List<Tensor> readOutputs(List<InferOutputTensor> outputs, List<ByteString> raw) {
        return read(
                "output",
                outputs.size(),
                i -> {
                    InferOutputTensor output = outputs.get(i);
                    return new Sent(
                            output.getName(),
                            output.getDatatype(),
                            output.getShapeList(),
                            output.getParametersMap().keySet(),
                            given(output.getContents()));
                },
                raw);
    }

    /** Some servers send the member, with nothing in it, beside bytes. */
    private static @Nullable InferTensorContents given(InferTensorContents contents) {
        return contents.getSerializedSize() == 0 ? null : contents;
    }

    private static List<Tensor> read(String what, int count, IntFunction<Sent> tensor, List<ByteString> raw) {
        if (count > Tensor.MOST_IN_REQUEST) {
            throw new InvalidInputException(
                    what + "s: " + count + " (expected: at most " + Tensor.MOST_IN_REQUEST + ")");
        }
        if (!raw.isEmpty() && raw.size() != count) {
            throw new InvalidInputException("raw_" + what + "_contents: " + raw.size() + " (expected: " + count
                    + ", one an " + what + ", or none)");
        }
        List<Tensor> tensors = new ArrayList<>(count);
        RequestProblems problems = new RequestProblems();
        for (int i = 0; i < count; i++) {
            Sent sent = tensor.apply(i);
            try {
                sent.requireSupported();
                tensors.add(raw.isEmpty() ? read(sent) : read(what, sent, raw.get(i)));
            } catch (InvalidInputException invalid) {
                problems.add(what + "s[" + i + "]."
                        + invalid.problems().getFirst().message() + ". "
                        + (what.equals("input") ? "Input: " : "Output: ") + Words.shortened(sent.name()));
            }
        }
        problems.requireNone();
        return tensors;
    }

    private static Tensor read(String what, Sent sent, ByteString raw) {
        if (sent.contents() != null) {
            throw new InvalidInputException("contents: beside raw_" + what + "_contents (expected: one of the two)");
        }
        return RawTensors.read(sent.name(), sent.datatype(), sent.shape(), raw.asReadOnlyByteBuffer());
    }

    private static Tensor read(Sent sent) {
        Datatype datatype = sent.datatype();
        InferTensorContents contents =
                sent.contents() == null ? InferTensorContents.getDefaultInstance() : sent.contents();
        TensorValues values = switch (datatype) {
            case BYTES -> texts(contents.getBytesContentsList());
            case FP32 -> floats(contents);
            case BOOL -> whole(datatype, contents.getBoolContentsCount(), i -> contents.getBoolContents(i) ? 1 : 0);
            case INT8, INT16, INT32 -> whole(datatype, contents.getIntContentsCount(), contents::getIntContents);
            case INT64 -> whole(datatype, contents.getInt64ContentsCount(), contents::getInt64Contents);
            case UINT8, UINT16, UINT32 ->
                whole(
                        datatype,
                        contents.getUintContentsCount(),
                        i -> Integer.toUnsignedLong(contents.getUintContents(i)));
            case UINT64 -> whole(datatype, contents.getUint64ContentsCount(), contents::getUint64Contents);
            case FP64 ->
                whole(
                        datatype,
                        contents.getFp64ContentsCount(),
                        i -> Double.doubleToRawLongBits(contents.getFp64Contents(i)));
            case FP16, BF16 ->
                throw new InvalidInputException("contents: of " + datatype + " (expected: raw_input_contents)");
        };
        return RawTensors.checked(sent.name(), datatype, sent.shape(), values);
    }

    private static TensorValues texts(List<ByteString> elements) {
        String[] texts = new String[elements.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = RawTensors.text(i, elements.get(i).asReadOnlyByteBuffer());
        }
        return new TensorValues.Texts(texts);
    }

    private static TensorValues floats(InferTensorContents contents) {
        float[] values = new float[contents.getFp32ContentsCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = contents.getFp32Contents(i);
        }
        return new TensorValues.Floats(values);
    }

    /** Elements of fixed size, given as their bits; narrow ones must fit. */
    private static TensorValues whole(Datatype datatype, int count, IntToLongFunction bits) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(count, datatype.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            long value = bits.applyAsLong(i);
            switch (datatype.bytes()) {
                case 1 -> bytes.put((byte) value);
                case 2 -> bytes.putShort((short) value);
                case 4 -> bytes.putInt((int) value);
                default -> bytes.putLong(value);
            }
            if (!fits(datatype, value)) {
                throw new InvalidInputException(
                        "contents: element " + i + " is " + value + " (expected: what " + datatype + " can hold)");
            }
        }
        return new TensorValues.Packed(bytes.flip());
    }

    private static boolean fits(Datatype datatype, long value) {
        return switch (datatype) {
            case INT8 -> value == (byte) value;
            case INT16 -> value == (short) value;
            case UINT8 -> value == (value & 0xFF);
            case UINT16 -> value == (value & 0xFFFF);
            default -> true;
        };
    }

    /** The elements as bytes. */
    public static ByteString raw(Tensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(RawTensors.size(tensor));
        RawTensors.write(tensor, bytes);
        return ByteString.copyFrom(bytes.flip());
    }

    /** Whether the elements can be put into a message; half precision can't. */
    public static boolean hasContents(Tensor tensor) {
        return tensor.datatype() != Datatype.FP16 && tensor.datatype() != Datatype.BF16;
    }

    /** The elements in a message. */
    public static InferTensorContents contents(Tensor tensor) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        switch (tensor.values()) {
            case TensorValues.Floats(float[] values) -> {
                for (float value : values) {
                    contents.addFp32Contents(value);
                }
            }
            case TensorValues.Texts(String[] values) -> {
                for (String value : values) {
                    contents.addBytesContents(ByteString.copyFrom(value, StandardCharsets.UTF_8));
                }
            }
            case TensorValues.Packed packed -> {
                for (int i = 0; i < tensor.count(); i++) {
                    add(contents, tensor.datatype(), packed, i);
                }
            }
        }
        return contents.build();
    }

    private static void add(
            InferTensorContents.Builder contents, Datatype datatype, TensorValues.Packed packed, int index) {
        switch (datatype) {
            case BOOL -> contents.addBoolContents(packed.number(datatype, index) != 0);
            case INT8, INT16, INT32 -> contents.addIntContents((int) packed.number(datatype, index));
            case UINT8, UINT16, UINT32 -> contents.addUintContents((int) (long) packed.number(datatype, index));
            case INT64 -> contents.addInt64Contents(packed.bytes().getLong(index * Long.BYTES));
            case UINT64 -> contents.addUint64Contents(packed.bytes().getLong(index * Long.BYTES));
            case FP32 -> contents.addFp32Contents((float) packed.number(datatype, index));
            case FP64 -> contents.addFp64Contents(packed.number(datatype, index));
            case FP16, BF16, BYTES ->
                throw new IllegalArgumentException("datatype: " + datatype + " (expected: one that messages hold)");
        }
    }
}
