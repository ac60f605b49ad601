package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import dev.millwright.core.InvalidInputException;
import dev.millwright.inference.messages.InferTensorContents;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.inference.messages.ModelInferResponse;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.InferResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Elements in messages, of every datatype that they can hold. */
final class GrpcMessagesTest {
    private static InferTensorContents.Builder contents() {
        return InferTensorContents.newBuilder();
    }

    /** Each at the ends of its range. */
    static Stream<Arguments> datatypes() {
        return Stream.of(
                arguments("BOOL", contents().addAllBoolContents(List.of(true, false))),
                arguments("UINT8", contents().addAllUintContents(List.of(0, 255))),
                arguments("UINT16", contents().addAllUintContents(List.of(0, 65_535))),
                arguments("UINT32", contents().addAllUintContents(List.of(0, -1))),
                arguments("UINT64", contents().addAllUint64Contents(List.of(0L, -1L))),
                arguments("INT8", contents().addAllIntContents(List.of(-128, 127))),
                arguments("INT16", contents().addAllIntContents(List.of(-32_768, 32_767))),
                arguments("INT32", contents().addAllIntContents(List.of(Integer.MIN_VALUE, Integer.MAX_VALUE))),
                arguments("INT64", contents().addAllInt64Contents(List.of(Long.MIN_VALUE, (1L << 53) + 1))),
                arguments("FP32", contents().addAllFp32Contents(List.of(Float.NaN, Float.MIN_VALUE))),
                arguments("FP64", contents().addAllFp64Contents(List.of(Double.NaN, Double.MAX_VALUE))),
                arguments(
                        "BYTES",
                        contents().addBytesContents(ByteString.EMPTY).addBytesContents(ByteString.copyFromUtf8("日本"))));
    }

    private static InferRequest read(String datatype, InferTensorContents.Builder contents) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("echo");
        request.addInputsBuilder()
                .setName("x")
                .setDatatype(datatype)
                .addShape(1)
                .addShape(2)
                .setContents(contents);
        return GrpcMessages.read(request.build());
    }

    @ParameterizedTest
    @MethodSource("datatypes")
    void keepsElements_toTheLastBit(String datatype, InferTensorContents.Builder contents) {
        InferRequest request = read(datatype, contents);
        ModelInferResponse answer =
                GrpcMessages.write(request, new InferResponse("echo", "1", request.id(), Map.of(), request.inputs()));

        assertThat(answer.getRawOutputContentsCount()).isZero();
        assertThat(answer.getOutputs(0).getDatatype()).isEqualTo(datatype);
        assertThat(answer.getOutputs(0).getShapeList()).containsExactly(1L, 2L);
        assertThat(answer.getOutputs(0).getContents()).isEqualTo(contents.build());
    }

    @Test
    void refusesElementsThatADatatypeCannotHold_andHalfPrecision() {
        assertThatThrownBy(() -> read("UINT16", contents().addAllUintContents(List.of(0, 65_536))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("inputs[0].contents: element 1 is 65536 (expected: what UINT16 can hold). Input: x");
        assertThatThrownBy(() -> read("FP16", contents().addAllFp32Contents(List.of(1f, 2f))))
                .hasMessageContaining("contents: of FP16 (expected: raw_input_contents)");
    }
}
