package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PasswordHashTest {
    /** See argon2_hash.py. */
    private static List<String[]> reference() throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(PasswordHashTest.class.getResourceAsStream("/argon2id.txt"), "argon2id.txt")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t"))
                    .toList();
        }
    }

    @Test
    void agreesWithTheReferenceImplementation() throws IOException {
        assertThat(reference()).hasSize(3).allSatisfy(pair -> {
            assertThat(PasswordHash.matches(pair[0], pair[1])).as(pair[0]).isTrue();
            assertThat(PasswordHash.matches(pair[0] + " ", pair[1])).as(pair[0]).isFalse();
        });
    }

    @Test
    void aHash_isOfItsPasswordOnly_andDiffersEachTime() {
        String hash = PasswordHash.of("a long enough secret");
        assertThat(hash)
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$")
                .isNotEqualTo(PasswordHash.of("a long enough secret"));
        assertThat(PasswordHash.matches("a long enough secret", hash)).isTrue();
        assertThat(PasswordHash.matches("a long enough Secret", hash)).isFalse();
    }

    @Test
    void aDamagedHash_letsNobodyIn() {
        assertThatThrownBy(() -> PasswordHash.matches("anything", "$2b$10$abc"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("$argon2id$");
    }
}
