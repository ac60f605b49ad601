package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every registry does with the models that clients register and the files that they send, wherever it keeps its state. */
abstract class ClientModelContract {
    final SettableClock clock = new SettableClock();
    private Registry registry;

    abstract Registry open();

    @BeforeEach
    void openRegistry() {
        registry = open();
    }

    @AfterEach
    void chainVerifies() {
        try (Registry closing = registry) {
            assertThat(closing.events().verify().firstBroken()).isEmpty();
        }
    }

    private ModelVersion register(String name, String source) {
        return registry.registeredModels()
                .register(new NewRegistration(
                        name,
                        source,
                        Optional.empty(),
                        "",
                        "",
                        "ana",
                        Optional.empty(),
                        Map.of("k", "v"),
                        Optional.empty(),
                        Map.of()));
    }

    @Test
    void registersWhatAClientMade() {
        RegisteredModels models = registry.registeredModels();
        models.create("iris", "flowers", Map.of("team", "risk"));
        assertThatThrownBy(() -> models.create("iris", "", Map.of())).hasMessageContaining("exists");
        assertThatThrownBy(() -> register("rose", "s3://x")).hasMessageContaining("registered model: 'rose'");

        ModelVersion first = register("iris", "s3://x");
        ModelVersion second = register("iris", "s3://y");

        assertThat(first.version()).isEqualTo(1);
        assertThat(second.semanticVersion()).hasToString("1.1.0");
        assertThat(second.knownSignature()).isEmpty();
        assertThatThrownBy(second::signature).hasMessageContaining("iris/2 has no ONNX graph");
        assertThat(models.search(SearchRequest.of("name LIKE 'ir%' AND tags.team = 'risk'", 10))
                        .items())
                .extracting(RegisteredModel::name)
                .containsExactly("iris");
        assertThat(models.searchVersions(SearchRequest.of("name = 'iris' AND source_path = 's3://y'", 10))
                        .items())
                .extracting(ModelVersion::version)
                .containsExactly(2);
    }

    @Test
    void keepsVersions_thatAGraphAsks() {
        RegisteredModels models = registry.registeredModels();
        models.create("iris", "", Map.of());
        models.create("both", "", Map.of());
        ModelVersion first = register("iris", "a");
        models.register(new NewRegistration(
                "both",
                NewRegistration.OWN_FILES,
                Optional.empty(),
                "",
                "",
                "",
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Map.of(),
                List.of(first, register("iris", "b"))));
        assertThat(registry.models().lineage("both", 1).nodes(LineageNode.Kind.MODEL_VERSION))
                .extracting(LineageNode::id)
                .containsExactlyInAnyOrder("iris/1", "iris/2", "both/1");
        assertThatThrownBy(() -> registry.models().delete("iris", 1)).hasMessageContaining("is asked by both/1");
        assertThatThrownBy(() -> models.delete("iris")).hasMessageContaining("is asked by both/1");
        assertThatThrownBy(() -> models.rename("iris", "rose")).hasMessageContaining("is asked by both/1");
        models.rename("both", "all");
        assertThatThrownBy(() -> registry.models().delete("iris", 1)).hasMessageContaining("is asked by all/1");
        models.delete("all");
        models.rename("iris", "rose");
        registry.models().delete("rose", 1);
    }

    @Test
    void remembersHowAnEndpointKeepsAnswers() {
        registry.registeredModels().create("iris", "", Map.of());
        Endpoints endpoints = registry.endpoints();
        endpoints.create("iris", "iris");
        assertThat(endpoints.findCache("iris")).isEmpty();
        endpoints.setCache("iris", Optional.of("{}"));
        endpoints.setCache("iris", Optional.of("{}"));
        assertThat(endpoints.findCache("iris")).contains("{}");
        endpoints.setCache("iris", Optional.empty());
        assertThat(endpoints.findCache("iris")).isEmpty();
        assertThat(endpoints.timeline("iris")).hasSize(1);
        assertThatThrownBy(() -> endpoints.setCache("rose", Optional.of("{}"))).isInstanceOf(MillwrightException.class);
    }

    @Test
    void movesVersionsThroughStages() {
        RegisteredModels models = registry.registeredModels();
        models.create("iris", "", Map.of());
        register("iris", "a");
        register("iris", "b");
        models.moveToStage("iris", 1, "production", RegisteredModels.Others.STAY);
        models.moveToStage("iris", 2, "Production", RegisteredModels.Others.ARE_ARCHIVED);

        assertThat(models.loadVersion("iris", 1).registration().stage()).isEqualTo("Archived");
        assertThat(models.latest("iris"))
                .extracting(version -> version.registration().stage() + version.version())
                .containsExactly("Archived1", "Production2");
        assertThatThrownBy(() -> models.moveToStage("iris", 1, "Prod", RegisteredModels.Others.STAY))
                .hasMessageContaining("expected: one of None, Staging, Production, Archived");
    }

    @Test
    void renamesAModelWithAllThatHangsOnIt() {
        RegisteredModels models = registry.registeredModels();
        models.create("iris", "flowers", Map.of("team", "risk"));
        register("iris", "a");
        registry.models().setAlias("iris", "champion", 1);

        models.rename("iris", "rose");

        RegisteredModel rose = models.load("rose");
        assertThat(rose.aliases()).containsEntry("champion", 1);
        assertThat(rose.tags()).containsEntry("team", "risk");
        assertThat(models.loadVersion("rose", 1).tags()).containsEntry("k", "v");
        assertThatThrownBy(() -> models.load("iris")).hasMessageContaining("registered model: 'iris'");
    }

    @Test
    void deletesAModel_andGoesOnCountingWhenItComesBack() {
        RegisteredModels models = registry.registeredModels();
        models.create("iris", "", Map.of());
        register("iris", "a");
        models.delete("iris");
        assertThatThrownBy(() -> models.load("iris")).isInstanceOf(MillwrightException.class);
        assertThatThrownBy(() -> models.loadVersion("iris", 1)).isInstanceOf(MillwrightException.class);

        models.create("iris", "", Map.of());

        assertThat(register("iris", "b").version()).isEqualTo(2);
    }

    private void put(String path, String text) {
        registry.artifactFiles().put(path, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void keepsFilesByPath() {
        ArtifactFiles files = registry.artifactFiles();
        put("1/r/artifacts/a.txt", "a");
        put("1/r/artifacts/dir/b.txt", "bb");
        put("1/r/artifacts/dir/c/d.txt", "ddd");

        assertThat(files.list("1/r/artifacts"))
                .containsExactly(new ArtifactFiles.Entry("a.txt", false, 1), new ArtifactFiles.Entry("dir", true, 0));
        assertThat(files.list("1/r/artifacts/dir"))
                .extracting(ArtifactFiles.Entry::name)
                .containsExactly("b.txt", "c");
        assertThat(files.list("1/r/artifacts/di")).isEmpty();
        put("1/r/artifacts/a.txt", "new");
        assertThat(registry.artifacts().read(files.find("1/r/artifacts/a.txt").orElseThrow()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("new");

        files.delete("1/r/artifacts/dir");
        assertThat(files.list("1/r/artifacts")).hasSize(1);
        assertThatThrownBy(() -> files.delete("1/r/artifacts/dir")).isInstanceOf(MillwrightException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "../x", "a/../../x", "a//b", "a/./b", "a\\..\\b", "a/", "a\u0000b", "."})
    void refusesPathsThatCouldLeaveTheRoot(String path) {
        assertThatThrownBy(() -> put(path, "x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Invalid path");
        assertThatThrownBy(() -> registry.artifactFiles().find(path)).isInstanceOf(InvalidInputException.class);
    }
}
