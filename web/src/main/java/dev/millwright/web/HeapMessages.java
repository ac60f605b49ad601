package dev.millwright.web;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.netty.buffer.ByteBufInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads what clients send from the heap, where every access is checked. Armeria would have protobuf read it where Netty put it, outside
 * the heap: there, a member that says that it is of nearly two gigabytes passes for one that fits (its end overflows), and what lies
 * behind the message is read, until the JVM crashes ({@code CodedInputStream.UnsafeDirectNioDecoder}, protobuf-java 3.25.8).
 */
final class HeapMessages<T> implements Marshaller<T> {
    private final Marshaller<T> usual;
    private final Parser<T> parser;

    private HeapMessages(Marshaller<T> usual, Parser<T> parser) {
        this.usual = usual;
        this.parser = parser;
    }

    /** The same service, whose requests are read so. */
    static ServerServiceDefinition of(ServerServiceDefinition service) {
        ServerServiceDefinition.Builder builder =
                ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
        service.getMethods().forEach(method -> add(builder, method));
        return builder.build();
    }

    private static <I, O> void add(ServerServiceDefinition.Builder builder, ServerMethodDefinition<I, O> method) {
        MethodDescriptor<I, O> usual = method.getMethodDescriptor();
        builder.addMethod(
                usual.toBuilder(of(usual.getRequestMarshaller()), usual.getResponseMarshaller())
                        .build(),
                method.getServerCallHandler());
    }

    @SuppressWarnings("unchecked") // A message's parser gives messages of its class.
    private static <T> Marshaller<T> of(Marshaller<T> usual) {
        if (usual instanceof PrototypeMarshaller<T> known
                && known.getMessagePrototype() instanceof MessageLite message) {
            return new HeapMessages<>(usual, (Parser<T>) message.getParserForType());
        }
        throw new IllegalArgumentException(usual + ": not of protobuf");
    }

    @Override
    public InputStream stream(T message) {
        return usual.stream(message);
    }

    @Override
    public T parse(InputStream stream) {
        try {
            if (stream instanceof ByteBufInputStream whole) {
                byte[] bytes = new byte[whole.available()];
                whole.readFully(bytes);
                return parser.parseFrom(bytes);
            }
            // A message that is decompressed while it is read: on the heap, and never all of it.
            return usual.parse(stream);
        } catch (IOException broken) {
            throw Status.INTERNAL.withCause(broken).asRuntimeException();
        } catch (IndexOutOfBoundsException overflown) {
            throw Status.INTERNAL
                    .withCause(new InvalidProtocolBufferException("a length beyond all bounds"))
                    .asRuntimeException();
        }
    }
}
