package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process acknowledged before it was killed is there afterwards. */
class KillTest {
    private static final int KILLS = 6;
    private static final int THREADS = 4;

    @TempDir
    Path home;

    @Test
    void keepsAllThatWasAcknowledged_whenKilledAgainAndAgain() throws IOException {
        List<String> acknowledged = new ArrayList<>();
        Random random = new Random(7);
        for (int kill = 0; kill < KILLS; kill++) {
            try (ChildProcess child = ChildProcess.start(AppendingChild.class, home.toString())) {
                int lines = 40 + random.nextInt(200);
                for (int i = 0; i < lines; i++) {
                    acknowledged.add(line(child));
                }
                child.kill();
                // what was printed before the kill but not yet read was acknowledged as well
                for (@Nullable String rest = child.readLine(); rest != null; rest = child.readLine()) {
                    if (rest.endsWith(";")) { // else the kill cut the line
                        acknowledged.add(rest);
                    }
                }
            }
        }
        assertAllThere(acknowledged);
    }

    private static String line(ChildProcess child) throws IOException {
        String line = child.readLine();
        assertThat(line).as("the child works until it is killed").isNotNull();
        return line == null ? "" : line;
    }

    private void assertAllThere(List<String> acknowledged) {
        try (Registry registry = Registry.open(home, InstantSource.system())) {
            assertThat(registry.events().verify().firstBroken()).isEmpty();
            Set<String> subjects = new HashSet<>();
            long last = 0;
            List<Event> page;
            do {
                page = registry.events()
                        .list(EventFilter.since(last).type("trigger.").limit(5000));
                for (Event event : page) {
                    subjects.add("event " + event.subject() + ";");
                    last = event.sequence();
                }
            } while (!page.isEmpty());
            for (String line : acknowledged) {
                String[] words = line.substring(0, line.length() - 1).split(" ");
                switch (words[0]) {
                    case "event" -> assertThat(subjects).contains(line);
                    case "metric" ->
                        assertThat(registry.runs().metricHistory(words[1], words[2]))
                                .hasSizeGreaterThan(Integer.parseInt(words[3]));
                    case "artifact" -> {
                        byte[] bytes = registry.artifacts()
                                .read(registry.runs()
                                        .findArtifact(words[1], words[2])
                                        .orElseThrow()
                                        .artifact());
                        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(words[2]);
                    }
                    default -> throw new IllegalArgumentException(line);
                }
            }
            assertThat(registry.steps().recover().runs()).hasSize(KILLS * THREADS);
            assertThat(registry.steps().recover().runs()).isEmpty();
        }
    }

    /** Changes the state from several threads and prints what was acknowledged, each line ended by a semicolon. */
    static final class AppendingChild {
        public static void main(String[] arguments) {
            Registry registry = Registry.open(Path.of(arguments[0]), InstantSource.system());
            String experiment = registry.experiments().findOrCreate("kill").id();
            List<Run> runs = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                runs.add(registry.runs().create(NewRun.of(experiment, "r", RunKind.TRAINING)));
            }
            for (Run run : runs) {
                Thread.ofPlatform().start(() -> append(registry, run.id()));
            }
        }

        private static void append(Registry registry, String run) {
            for (int i = 0; ; i++) {
                registry.events().record("trigger.fired", run + "-" + i, Map.of());
                System.out.println("event " + run + "-" + i + ";");
                registry.runs().logMetric(run, "loss", i, Instant.EPOCH, i);
                System.out.println("metric " + run + " loss " + i + ";");
                String path = "file-" + i;
                Artifact artifact = registry.artifacts().put(path.getBytes(StandardCharsets.UTF_8));
                registry.runs().addArtifact(run, path, artifact, "text/plain");
                System.out.println("artifact " + run + " " + path + ";");
            }
        }
    }
}
