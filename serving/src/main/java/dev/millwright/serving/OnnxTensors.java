package dev.millwright.serving;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;

/** Brings tensors to ONNX Runtime and back. */
final class OnnxTensors {
    private OnnxTensors() {}

    /** The element type; empty for those that the protocol doesn't have. */
    static Optional<Datatype> datatype(TensorInfo tensor) {
        return switch (tensor.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Optional.of(Datatype.UINT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Optional.of(Datatype.UINT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Optional.of(Datatype.UINT64);
            default -> datatype(tensor.type);
        };
    }

    /** The element type; empty for those that the protocol doesn't have. */
    static Optional<Datatype> datatype(OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> Optional.of(Datatype.FP32);
            case DOUBLE -> Optional.of(Datatype.FP64);
            case INT8 -> Optional.of(Datatype.INT8);
            case INT16 -> Optional.of(Datatype.INT16);
            case INT32 -> Optional.of(Datatype.INT32);
            case INT64 -> Optional.of(Datatype.INT64);
            case UINT8 -> Optional.of(Datatype.UINT8);
            case BOOL -> Optional.of(Datatype.BOOL);
            case FLOAT16 -> Optional.of(Datatype.FP16);
            case BFLOAT16 -> Optional.of(Datatype.BF16);
            case STRING -> Optional.of(Datatype.BYTES);
            case UNKNOWN -> Optional.empty();
        };
    }

    /** Whether ONNX Runtime's Java API can make tensors of it; wide unsigned numbers it can only read. */
    static boolean canBeWritten(Datatype datatype) {
        return switch (datatype) {
            case UINT16, UINT32, UINT64 -> false;
            case BOOL, UINT8, INT8, INT16, INT32, INT64, FP16, BF16, FP32, FP64, BYTES -> true;
        };
    }

    private static OnnxJavaType type(Datatype datatype) {
        return switch (datatype) {
            case BOOL -> OnnxJavaType.BOOL;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT8 -> OnnxJavaType.INT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case FP16 -> OnnxJavaType.FLOAT16;
            case BF16 -> OnnxJavaType.BFLOAT16;
            case FP32 -> OnnxJavaType.FLOAT;
            case FP64 -> OnnxJavaType.DOUBLE;
            case BYTES, UINT16, UINT32, UINT64 ->
                throw new IllegalArgumentException(
                        "datatype: " + datatype + " (expected: one that is made from bytes)");
        };
    }

    /** A tensor of ONNX Runtime's with a copy of the elements; the caller closes it. */
    static OnnxTensor write(OrtEnvironment environment, Tensor tensor) throws OrtException {
        return switch (tensor.values()) {
            case TensorValues.Floats(float[] values) ->
                OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), tensor.shape());
            case TensorValues.Texts(String[] values) -> OnnxTensor.createTensor(environment, values, tensor.shape());
            case TensorValues.Packed packed ->
                OnnxTensor.createTensor(environment, copy(packed.bytes()), tensor.shape(), type(tensor.datatype()));
        };
    }

    /** In memory of its own, aligned as every element type needs it. */
    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocateDirect(Math.max(1, bytes.limit()))
                .order(ByteOrder.nativeOrder())
                .limit(bytes.limit())
                .put(0, bytes, 0, bytes.limit());
    }

    /** The elements, copied. */
    static TensorValues read(OnnxTensor tensor, Datatype datatype) throws OrtException {
        return switch (datatype) {
            case FP32 -> {
                FloatBuffer values = tensor.getFloatBuffer();
                float[] copy = new float[values.remaining()];
                values.get(copy);
                yield new TensorValues.Floats(copy);
            }
            case BYTES -> new TensorValues.Texts(NestedTexts.flatten(tensor.getValue()));
            default -> new TensorValues.Packed(tensor.getByteBuffer());
        };
    }
}
