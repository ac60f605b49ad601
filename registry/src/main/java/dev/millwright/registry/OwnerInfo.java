package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How to reach the process that owns a home, from {@code HOME/owner.json}.
 *
 * @param pid its process id
 * @param port where it answers on loopback
 * @param token what a request that runs a command must carry
 * @param started when it took the home
 */
public record OwnerInfo(long pid, int port, String token, Instant started) {
    static final String FILE = "owner.json";

    public OwnerInfo {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
        if (token.isBlank()) {
            throw new IllegalArgumentException("token: blank (expected: a secret)");
        }
    }

    /** The living owner of {@code home}; empty when nobody holds its lock, whatever an old file says. */
    public static Optional<OwnerInfo> find(Path home) {
        if (!HomeLock.isHeld(home)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(Files.readString(home.resolve(FILE))));
        } catch (NoSuchFileException notPublished) {
            return Optional.empty();
        } catch (IOException failed) {
            throw HomeDirectory.failure(home.resolve(FILE), failed);
        }
    }

    private static OwnerInfo parse(String json) {
        Map<String, String> fields = Json.map(json);
        try {
            return new OwnerInfo(
                    Long.parseLong(fields.getOrDefault("pid", "")),
                    Integer.parseInt(fields.getOrDefault("port", "")),
                    fields.getOrDefault("token", ""),
                    Instant.parse(fields.getOrDefault("started", "")));
        } catch (RuntimeException damaged) {
            throw new MillwrightException(
                    RegistryError.STATE_CORRUPT,
                    FILE + ": " + damaged.getMessage() + " (expected: pid, port, token, started)",
                    damaged);
        }
    }

    String json() {
        return Json.text(
                new TreeMap<>(Map.of("pid", pid, "port", port, "token", token, "started", started.toString())));
    }

    /** Hides the token. */
    @Override
    public String toString() {
        return "OwnerInfo[pid=" + pid + ", port=" + port + ", started=" + started + "]";
    }
}
