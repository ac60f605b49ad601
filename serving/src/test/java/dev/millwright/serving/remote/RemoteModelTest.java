package dev.millwright.serving.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.serving.BackendStatus;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorForm;
import dev.millwright.serving.remote.BackendException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractObjectAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RemoteModelTest {
    private static void ask(RemoteModel model) {
        assertThat(model.run(Servers.INPUTS)).containsExactly(Servers.ANSWER);
    }

    private static void failing(RemoteModel model, int times) {
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(() -> model.run(Servers.INPUTS)).isInstanceOf(MillwrightException.class);
        }
    }

    private static AbstractObjectAssert<?, Object> assertCode(RemoteModel model) {
        return assertThatThrownBy(() -> model.run(Servers.INPUTS))
                .extracting(thrown -> ((MillwrightException) thrown).code());
    }

    private static BackendStatus.State state(RemoteModel model, String server) {
        return model.backends().stream()
                .filter(status -> status.url().equals("http://" + server))
                .findFirst()
                .orElseThrow()
                .state();
    }

    @Test
    void asksTheServerWithTheFewestCallsUnderWay() {
        Servers servers = new Servers("a", "b", "c");
        RemoteModel model = servers.model(Retries.ALWAYS);
        Runnable nested = () -> {
            servers.byName.values().forEach(server -> server.meanwhile = () -> {});
            ask(model);
        };
        for (int i = 0; i < 20; i++) {
            servers.asked.clear();
            servers.byName.values().forEach(server -> server.meanwhile = nested);
            ask(model);
            assertThat(servers.asked).hasSize(2).doesNotHaveDuplicates();
        }
        assertThat(model.backends()).allMatch(status -> status.outstanding() == 0 && status.answered() > 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST", "TIMED_OUT", "FAILED", "NO_ANSWER", "UNPROCESSED", "BUSY"})
    void asksAnotherServer_whenOneFails(Kind kind) {
        Servers servers = new Servers("a", "b");
        servers.get("a").fails(kind);
        RemoteModel model = servers.model(Retries.ALWAYS);
        for (int i = 0; i < 20; i++) {
            ask(model);
        }
        assertThat(servers.asked).contains("a");
        assertThat(model.backends().getFirst().retried()).isPositive();
    }

    @Test
    void asksNobodyElse_whatAServerMayHaveAnswered_whenToldNotTo() {
        Servers servers = new Servers("a", "b");
        servers.byName.values().forEach(server -> server.fails(Kind.LOST));
        assertCode(servers.model(Retries.UNPROCESSED)).isEqualTo(ServingError.BACKEND_FAILED);
        assertThat(servers.asked).hasSize(1);

        servers.asked.clear();
        servers.byName.values().forEach(server -> server.fails(Kind.UNPROCESSED));
        assertCode(servers.model(Retries.UNPROCESSED)).isEqualTo(ServingError.BACKEND_UNAVAILABLE);
        assertThat(servers.asked).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void saysWhatTheServerSays_ofARequestThatIsWrong() {
        Servers servers = new Servers("a", "b");
        servers.byName.values().forEach(server -> server.fails(Kind.REFUSED));
        RemoteModel model = servers.model(Retries.ALWAYS);
        for (int i = 0; i < 30; i++) {
            assertThatThrownBy(() -> model.run(Servers.INPUTS))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageMatching("backend http://[ab]: it is REFUSED");
        }
        assertThat(servers.asked).hasSize(30);
        assertThat(model.backends()).allMatch(status -> status.state() == BackendStatus.State.READY);
    }

    @Test
    void asksTheOnlyServerOnceMore_whenTheConnectionWasLost() {
        Servers servers = new Servers("a");
        servers.get("a").failsOnce(Kind.LOST);
        ask(servers.model(Retries.ALWAYS));
        servers.get("a").fails(Kind.FAILED);
        assertCode(servers.model(Retries.ALWAYS)).isEqualTo(ServingError.BACKEND_FAILED);
        assertThat(servers.asked).hasSize(3);
    }

    @Test
    void leavesAloneAServerThatFails_forLongerEachTime_untilATrialSucceeds() {
        Servers servers = new Servers("a", "b");
        servers.get("a").fails(Kind.FAILED);
        RemoteModel model = servers.model(Retries.ALWAYS);
        while (state(model, "a") == BackendStatus.State.READY) {
            ask(model);
        }
        assertThat(servers.asked.stream().filter("a"::equals)).hasSize(5);

        servers.asked.clear();
        servers.advance(Duration.ofMillis(999));
        ask(model);
        assertThat(servers.asked).containsExactly("b");
        servers.advance(Duration.ofMillis(1));
        ask(model);
        ask(model);
        assertThat(servers.asked).containsExactly("b", "a", "b", "b");
        assertThat(state(model, "a")).isEqualTo(BackendStatus.State.EJECTED);

        servers.get("a").works();
        servers.asked.clear();
        servers.advance(Duration.ofMillis(1999));
        ask(model);
        servers.advance(Duration.ofMillis(1));
        ask(model);
        assertThat(servers.asked).containsExactly("b", "a");
        assertThat(state(model, "a")).isEqualTo(BackendStatus.State.READY);
        assertThat(model.backends().getFirst().ejections()).isEqualTo(2);
    }

    @Test
    void ejectsAServerThatFailsFarMoreOftenThanTheOthers() {
        Servers servers = new Servers("a", "b");
        RemoteModel model = servers.model(Retries.ALWAYS);
        int calls = 0;
        while (state(model, "a") == BackendStatus.State.READY && calls < 1000) {
            if (calls % 3 == 0) {
                servers.get("a").failsOnce(Kind.FAILED);
            }
            ask(model);
            calls++;
        }
        assertThat(state(model, "a")).isEqualTo(BackendStatus.State.EJECTED);
        assertThat(state(model, "b")).isEqualTo(BackendStatus.State.READY);
    }

    @Test
    void neverEjectsTheLastServerAsAnOutlier_butBreaksTheCircuit_whenHalfOfManyCallsFail() {
        Servers servers = new Servers("a");
        servers.get("a").fails(Kind.FAILED);
        RemoteModel model = servers.model(Retries.ALWAYS);
        failing(model, 19);
        assertThat(state(model, "a")).isEqualTo(BackendStatus.State.READY);
        failing(model, 1);
        assertThat(state(model, "a")).isEqualTo(BackendStatus.State.EJECTED);
        servers.asked.clear();
        assertThatThrownBy(() -> model.run(Servers.INPUTS))
                .hasMessageStartingWith("m/1: each of its servers failed too often of late")
                .hasMessageContaining("http://a");
        assertThat(servers.asked).isEmpty();

        servers.get("a").works();
        servers.advance(Duration.ofSeconds(1));
        ask(model);
        ask(model);
        assertThat(state(model, "a")).isEqualTo(BackendStatus.State.READY);
    }

    @Test
    void doesNotHoldItAgainstAServer_thatItWasGivenNoTime_orSaysThatItIsBusy() {
        Servers servers = new Servers("a");
        RemoteModel model = servers.model(Retries.ALWAYS);
        for (int i = 0; i < 50; i++) {
            servers.get("a").failsOnce(i % 2 == 0 ? Kind.TIMED_OUT : Kind.BUSY);
            assertThatThrownBy(() -> model.run(Servers.INPUTS, Deadline.in(Duration.ofMillis(900))))
                    .extracting(thrown -> ((MillwrightException) thrown).code())
                    .isEqualTo(i % 2 == 0 ? ServingError.DEADLINE_PASSED : ServingError.OVERLOADED);
        }
        assertThat(state(model, "a")).isEqualTo(BackendStatus.State.READY);
        assertThat(servers.get("a").lastPatience).isLessThanOrEqualTo(Duration.ofMillis(900));

        servers.get("a").fails(Kind.TIMED_OUT);
        assertCode(model).isEqualTo(ServingError.BACKEND_TIMED_OUT);
        assertThat(servers.get("a").lastPatience).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void asksNobody_whenTheTimeHasPassed() {
        Servers servers = new Servers("a");
        RemoteModel model = servers.model(Retries.ALWAYS);
        assertThatThrownBy(() -> model.run(Servers.INPUTS, Deadline.in(Duration.ZERO)))
                .hasMessageStartingWith("deadline: passed");
        assertThat(servers.asked).isEmpty();
    }

    @Test
    void asksAServerThatSaysItIsNotReady_onlyWhenNoOtherOneIsLeft_andAtOnceWhenItIsBack() {
        Servers servers = new Servers("a", "b");
        RemoteModel model = servers.model(Retries.ALWAYS);
        servers.get("a").ready = false;
        model.pool().backends().forEach(model::check);
        assertThat(state(model, "a")).isEqualTo(BackendStatus.State.NOT_READY);
        for (int i = 0; i < 10; i++) {
            ask(model);
        }
        assertThat(servers.asked).containsOnly("b");
        servers.get("b").failsOnce(Kind.FAILED);
        ask(model);
        assertThat(servers.asked).endsWith("b", "a");
        servers.get("a").ready = true;
        model.pool().backends().forEach(model::check);
        assertThat(state(model, "a")).isEqualTo(BackendStatus.State.READY);
    }

    @Test
    void stopsAskingAgain_whenManyCallsFail() {
        Servers servers = new Servers("a", "b");
        RemoteModel model = servers.model(Retries.ALWAYS, 4);
        for (int i = 0; i < 100; i++) {
            // Not held against the servers, so that nothing but the budget counts.
            servers.get("a").failsOnce(Kind.BUSY);
            servers.get("b").failsOnce(Kind.BUSY);
            try {
                ask(model);
            } catch (MillwrightException busy) {
                assertThat(busy.code()).isEqualTo(ServingError.OVERLOADED);
            }
        }
        long again = model.backends().stream().mapToLong(BackendStatus::retried).sum();
        assertThat(again).isBetween(20L, 25L);
    }

    @Test
    void refusesAnswersThatAreNotOfTheModel_namingServerAndField() {
        Servers servers = new Servers("a");
        RemoteModel model = servers.model(Retries.ALWAYS);
        servers.get("a").answers(Tensor.of("z", new float[] {3}, 1, 1));
        assertThatThrownBy(() -> model.run(Servers.INPUTS))
                .hasMessage("backend http://a: outputs: y is missing (expected: a tensor for each output)");
        servers.get("a").answers(Tensor.of("y", new float[] {3, 4}, 1, 2));
        assertThatThrownBy(() -> model.run(Servers.INPUTS))
                .hasMessage("backend http://a: outputs: shape: [1,2] (expected: [-1,1]). Output: y");
        servers.get("a").answers(Tensor.of("y", new String[] {"3"}, 1, 1));
        assertThatThrownBy(() -> model.run(Servers.INPUTS))
                .hasMessage("backend http://a: outputs: datatype: BYTES (expected: FP32). Output: y");
        servers.get("a").answers(Servers.ANSWER, Servers.ANSWER);
        assertThatThrownBy(() -> model.run(Servers.INPUTS)).hasMessageContaining("y twice");
        servers.get("a").answers(Tensor.of("z", new float[] {3}, 1, 1), Servers.ANSWER);
        ask(model);
    }

    @Test
    void keepsALinkAsItWas() {
        RemoteTarget target = new RemoteTarget(
                List.of(RemoteTarget.backend("http://a:8750/"), RemoteTarget.backend("https://b")),
                "m",
                Optional.of("3"),
                Wire.GRPC,
                Duration.ofSeconds(3),
                Secret.of(Optional.of("MILLWRIGHT_BACKEND_X"), Optional.empty()),
                Retries.UNPROCESSED,
                8);
        RemoteLink link = new RemoteLink(target, Servers.TENSORS, TensorForm.BINARY);
        RemoteLink read = RemoteLinkJson.read(RemoteLinkJson.write(link));
        assertThat(read.target()).isEqualTo(target);
        assertThat(read.form()).isEqualTo(link.form());
        assertThat(link.tensors().difference(read.tensors())).isEmpty();
    }

    @Test
    void refusesAddressesAndSecretsThatAreNone() {
        for (String url : List.of(
                "ftp://a",
                "http://u:p@a",
                "http://a/x",
                "http://a?q",
                "file:///etc/passwd",
                "a:80",
                "http://",
                "gopher://a")) {
            assertThatThrownBy(() -> new RemoteTarget(
                            List.of(RemoteTarget.backend(url)),
                            "m",
                            Optional.empty(),
                            Wire.REST,
                            RemoteTarget.TIMEOUT,
                            new Secret.None(),
                            Retries.ALWAYS,
                            1))
                    .as(url)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("url: ")
                    .hasMessageNotContaining("u:p@");
        }
        assertThatThrownBy(() -> new Secret.Variable("AWS_SECRET_ACCESS_KEY"))
                .hasMessageContaining("MILLWRIGHT_BACKEND_");
        assertThatThrownBy(() -> new Secret.InFile("../owner.json")).hasMessageContaining("folder secrets");
        assertThatThrownBy(() -> Secret.of(Optional.of("MILLWRIGHT_BACKEND_X"), Optional.of("x")))
                .hasMessageContaining("both");
    }
}
