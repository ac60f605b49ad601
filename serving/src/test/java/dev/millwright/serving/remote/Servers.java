package dev.millwright.serving.remote;

import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.ModelTensors;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorForm;
import dev.millwright.serving.protocol.TensorMetadata;
import dev.millwright.serving.remote.BackendException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;

/** Servers that do what a test says, and a clock that shows what it says. For one thread. */
final class Servers {
    static final ModelTensors TENSORS = new ModelTensors(
            List.of(new TensorMetadata("x", Datatype.FP32, -1, 2)),
            List.of(new TensorMetadata("y", Datatype.FP32, -1, 1)));
    static final List<Tensor> INPUTS = List.of(Tensor.of("x", new float[] {1, 2}, 1, 2));
    static final Tensor ANSWER = Tensor.of("y", new float[] {3}, 1, 1);

    final Map<String, Server> byName = new LinkedHashMap<>();
    final List<String> asked = new ArrayList<>();
    private long nanos = Duration.ofHours(1).toNanos();

    Servers(String... names) {
        for (String name : names) {
            byName.put(name, new Server(name));
        }
    }

    Server get(String name) {
        return Objects.requireNonNull(byName.get(name));
    }

    void advance(Duration duration) {
        nanos += duration.toNanos();
    }

    /** One that answers, unless it was told something else. */
    final class Server implements BackendClient {
        private final String name;
        private final Queue<Optional<Kind>> next = new ArrayDeque<>();
        private Optional<Kind> always = Optional.empty();
        private List<Tensor> answer = List.of(ANSWER);
        boolean ready = true;
        Duration lastPatience = Duration.ZERO;
        Runnable meanwhile = () -> {};

        Server(String name) {
            this.name = name;
        }

        void failsOnce(Kind kind) {
            next.add(Optional.of(kind));
        }

        void fails(Kind kind) {
            always = Optional.of(kind);
        }

        void works() {
            always = Optional.empty();
        }

        void answers(Tensor... tensors) {
            answer = List.of(tensors);
        }

        @Override
        public List<Tensor> infer(List<Tensor> inputs, Duration within) throws BackendException {
            asked.add(name);
            lastPatience = within;
            meanwhile.run();
            Optional<Kind> failure = next.isEmpty() ? always : next.remove();
            if (failure.isPresent()) {
                throw new BackendException(failure.get(), "it is " + failure.get());
            }
            return answer;
        }

        @Override
        public boolean isReady(Duration within) {
            return ready;
        }

        @Override
        public RemoteDescription describe(Duration within) {
            return new RemoteDescription(TENSORS, TensorForm.BINARY);
        }
    }

    RemoteModel model(Retries retries) {
        return model(retries, 64);
    }

    RemoteModel model(Retries retries, int calls) {
        List<URI> urls = byName.keySet().stream()
                .map(name -> URI.create("http://" + name))
                .toList();
        RemoteTarget target = new RemoteTarget(
                urls, "m", Optional.empty(), Wire.REST, Duration.ofSeconds(10), new Secret.None(), retries, calls);
        return new RemoteModel(
                "m/1",
                new RemoteLink(target, TENSORS, TensorForm.BINARY),
                urls.stream().map(url -> new Backend(url, get(url.getHost()))).toList(),
                () -> nanos,
                new Random(1));
    }
}
