package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.app.MlflowSource.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowFoldersTest {
    @TempDir
    Path folder;

    private MlflowFolders folders() {
        return new MlflowFolders(folder, Optional.of(folder.resolve("mlartifacts")));
    }

    @Test
    void findsFoldersInEveryFormThatDatabasesName() throws IOException {
        Path inner = folder.resolve("mlruns/1/a b");

        assertThat(folders().folder(inner.toString())).isEqualTo(inner);
        assertThat(folders().folder("mlruns/1/a b")).isEqualTo(inner);
        assertThat(folders().folder("./mlruns/1/a b")).isEqualTo(inner);
        assertThat(folders().folder(inner.toUri().toString())).isEqualTo(inner);
        assertThat(folders().folder("file://" + inner)).isEqualTo(inner);
        assertThat(folders().folder("mlflow-artifacts:/1/x/artifacts"))
                .isEqualTo(folder.resolve("mlartifacts/1/x/artifacts"));
        assertThat(folders().folder("mlflow-artifacts://host:5000/1/x")).isEqualTo(folder.resolve("mlartifacts/1/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://bucket/x", "dbfs:/x", "http://host/x", "mlflow-artifacts:/../../etc", ""})
    void saysSo_whereNoFolderOfThisMachineIsMeant(String uri) {
        assertThatThrownBy(() -> folders().folder(uri)).isInstanceOf(IOException.class);
    }

    @Test
    void saysWhichOptionNamesTheServersFolder() {
        assertThatThrownBy(() -> new MlflowFolders(folder, Optional.empty()).folder("mlflow-artifacts:/1"))
                .hasMessageContaining("--artifacts DIR");
    }

    @Test
    void listsPlainFiles_andNoLinks() throws IOException {
        Files.createDirectories(folder.resolve("run/sub"));
        Files.writeString(folder.resolve("run/a.txt"), "alpha");
        Files.writeString(folder.resolve("run/sub/b.txt"), "b");
        Files.createSymbolicLink(folder.resolve("run/link"), folder.resolve("run/a.txt"));

        assertThat(folders().files("run"))
                .containsExactlyInAnyOrder(new SourceFile("a.txt", 5), new SourceFile("sub/b.txt", 1));
        assertThat(folders().files("none")).isEmpty();
    }
}
