package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.millwright.core.InvalidInputException;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.NumberForm;
import dev.millwright.serving.protocol.SentRequest;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorValues;
import dev.millwright.serving.routing.Assignment;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.RoutingRule;
import dev.millwright.serving.routing.StickyKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Versions that share an endpoint, and take other columns or other kinds of input than each other. */
class OtherVersionsTest {
    private final ConcurrentLinkedQueue<PredictionEvent> events = new ConcurrentLinkedQueue<>();
    private final Router router = new Router(
            new RouterOptions(1, 64, 100, 16, 42), events::add, () -> Instant.EPOCH, System::nanoTime, Runnable::run);

    @AfterEach
    void close() {
        router.close();
    }

    private static WeightedVersion rows(int version, double weight, ColumnSum model) {
        return new WeightedVersion("m", version, weight, model);
    }

    /** Takes and gives {@code x}. */
    private static WeightedVersion tensors(int version, double weight) {
        return new WeightedVersion("m", version, weight, ModelSource.of(new Elsewhere(OptionalInt.empty())));
    }

    private void install(WeightedVersion... versions) {
        router.install("e", new Route("e", List.of(versions), Optional.empty()));
    }

    /** A request with one number for each input. */
    private static SentRequest sent(String... inputs) {
        byte[] json = Stream.of(inputs)
                .map(input -> "{\"name\":\"" + input + "\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}")
                .collect(Collectors.joining(",", "{\"inputs\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
        return SentRequest.json(json, json.length);
    }

    private CompletableFuture<TensorResult> ask(SentRequest sent, Optional<String> version, Patience patience) {
        CallTarget target = new CallTarget("e", version, Optional.empty(), Deadline.NONE, patience);
        return router.ask(new RequestCall(target, sent.head(NumberForm.FLOATS), sent));
    }

    /** What version answered, and the first number that it said. */
    private String answer(SentRequest sent, String... version) {
        TensorResult result = Answers.join(ask(sent, Stream.of(version).findFirst(), Patience.WAITS));
        float[] values = ((TensorValues.Floats) result.outputs().getFirst().values()).values();
        return result.modelVersion() + ": " + result.outputs().getFirst().name() + " " + values[0];
    }

    @Test
    void aVersionWithoutTraffic_decidesNothingForTheOther() {
        install(rows(2, 0, new ColumnSum("a", "b", "c")), rows(1, 1, new ColumnSum("a", "b")));
        assertThat(answer(sent("a", "b"))).isEqualTo("1: prediction 2.0");
        assertThat(answer(sent("a", "b", "c"))).isEqualTo("1: prediction 2.0");
        assertThat(answer(sent("c", "b", "a"), "2")).isEqualTo("2: prediction 3.0");
        assertThatThrownBy(() -> answer(sent("a", "b"), "2")).hasMessageContaining("c is missing");

        install(rows(2, 0, new ColumnSum("a")), rows(1, 1, new ColumnSum("a", "b")));
        assertThat(answer(sent("a", "b"))).isEqualTo("1: prediction 2.0");
        assertThat(answer(sent("a", "b"), "2")).isEqualTo("2: prediction 1.0");
        assertThat(answer(sent("a"), "2")).isEqualTo("2: prediction 1.0");
        assertThat(router.describe(new CallTarget("e", Optional.empty(), Optional.empty()))
                        .inputs())
                .hasSize(2);
    }

    @Test
    void whatNoVersionTakes_isRefusedByEach() {
        install(rows(2, 0, new ColumnSum("a", "bee")), rows(1, 1, new ColumnSum("a")));
        for (String version : List.of("1", "2")) {
            assertThatThrownBy(() -> answer(sent("a", "bee", "be"), version))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("inputs[2].name: be (expected: an input of the model)");
        }
        install(rows(1, 1, new ColumnSum("a")));
        assertThatThrownBy(() -> answer(sent("a", "bee")))
                .as("the version that took it has gone")
                .hasMessageContaining("inputs[1].name: bee");
    }

    @Test
    void tensorsBesideRows_leaveTheRowsAlone() {
        install(tensors(2, 0), rows(1, 1, new ColumnSum("a")));
        assertThat(answer(sent("a"))).isEqualTo("1: prediction 1.0");
        assertThat(answer(sent("a", "x"))).isEqualTo("1: prediction 1.0");
        assertThat(answer(sent("a", "x"), "2")).isEqualTo("2: x 1.0");
        assertThatThrownBy(() -> answer(sent("a"), "2")).hasMessageContaining("x is missing");
        assertThatThrownBy(() -> answer(sent("a", "y"))).hasMessageContaining("inputs[1].name: y");

        install(rows(4, 0, new ColumnSum("a")), tensors(3, 1));
        assertThat(answer(sent("a", "x"))).isEqualTo("3: x 1.0");
        assertThat(answer(sent("a", "x"), "4")).isEqualTo("4: prediction 1.0");
    }

    @Test
    void outputsOfAnotherVersion_mayBeAskedForBesideOwnOnes() {
        install(tensors(2, 0), rows(1, 1, new ColumnSum("a")));
        String input = "{\"name\":\"%s\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}";
        byte[] json = ("{\"inputs\":[" + input.formatted("a") + "," + input.formatted("x")
                        + "],\"outputs\":[{\"name\":\"x\"},{\"name\":\"prediction\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        SentRequest both = SentRequest.json(json, json.length);
        assertThat(answer(both)).isEqualTo("1: prediction 1.0");
        assertThat(answer(both, "2")).isEqualTo("2: x 1.0");

        byte[] other = new String(json, StandardCharsets.UTF_8)
                .replace(",{\"name\":\"prediction\"}", "")
                .getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> answer(SentRequest.json(other, other.length), "1"))
                .hasMessage("outputs: none that the version gives which was to answer (expected: one of prediction,"
                        + " prediction_id, or none to get all)");
        byte[] unknown = new String(json, StandardCharsets.UTF_8)
                .replace("\"name\":\"prediction\"", "\"name\":\"predictions\"")
                .getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> answer(SentRequest.json(unknown, unknown.length)))
                .hasMessageContaining("outputs[1].name: predictions");
    }

    @Test
    void aShadow_findsItsOwnColumns() {
        router.install(
                "e",
                new Route(
                        "e",
                        List.of(rows(1, 1, new ColumnSum("a"))),
                        Optional.of(rows(2, 0, new ColumnSum("a", "b")))));
        assertThat(answer(sent("a", "b"))).isEqualTo("1: prediction 1.0");
        assertThat(events)
                .extracting(PredictionEvent::version, PredictionEvent::role)
                .containsExactly(tuple(1, PredictionEvent.Role.SERVED), tuple(2, PredictionEvent.Role.SHADOW));
    }

    @Test
    void aCondition_looksAtTheRows_andTheVersionItChoosesReadsItsOwn() {
        Assignment assignment =
                new Assignment(List.of(new RoutingRule(RequestCondition.parse("a > 0"), 2)), StickyKey.CLIENT_ID, 0, 0);
        router.install(
                "e",
                new Route(
                        "e",
                        List.of(rows(2, 0, new ColumnSum("a", "b")), rows(1, 1, new ColumnSum("a"))),
                        Optional.empty(),
                        assignment));
        assertThat(answer(sent("a", "b"))).isEqualTo("2: prediction 2.0");
    }

    @Test
    void aRound_asksEachVersionOnce() {
        ColumnSum candidate = new ColumnSum("a", "b");
        ColumnSum champion = new ColumnSum("a");
        install(rows(2, 0, candidate), rows(1, 1, champion));
        Round round = new Round(Runnable::run);
        List<CompletableFuture<TensorResult>> answers = Stream.of("1", "2", "1", "2", "2")
                .map(version -> ask(sent("a", "b"), Optional.of(version), round))
                .toList();
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        round.end();
        assertThat(answers).allMatch(CompletableFuture::isDone);
        assertThat(champion.batches).containsExactly(2);
        assertThat(candidate.batches).containsExactly(3);
    }

    @Test
    void aBody_isReadOnce_whereVersionsReadNumbersAlike() {
        SentRequest sent = sent("a");
        InferRequest head = sent.head(NumberForm.FLOATS);
        assertThat(sent.read(NumberForm.FLOATS, List.of())).isSameAs(head);
        assertThat(sent.read(NumberForm.EXACT, List.of())).isNotSameAs(head);
        assertThat(sent.read(NumberForm.EXACT, List.of()).inputs())
                .extracting(Tensor::name)
                .containsExactly("a");
    }

    @Test
    void theChampion_answersMost_andIsNoCanary() {
        ColumnSum model = new ColumnSum("a");
        assertThat(new Route("e", List.of(rows(2, 0.5, model), rows(1, 0.5, model)), Optional.empty())
                        .champion()
                        .version())
                .isEqualTo(1);
        assertThat(new Route("e", List.of(rows(2, 0.6, model), rows(1, 0.4, model)), Optional.empty())
                        .champion()
                        .version())
                .isEqualTo(2);
    }
}
