package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.Section.YamlSource;
import dev.millwright.serving.cache.CacheOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads how an endpoint keeps answers. */
public final class CacheReader {
    private static final long DEFAULT_SIZE = 10_000;
    private static final Duration DEFAULT_AGE = Duration.ofMinutes(10);

    private CacheReader() {}

    /** The {@code cache:} section; empty after a problem was reported. */
    static Optional<CacheOptions> read(Section section) {
        YamlSource source = section.source();
        Optional<Integer> size = section.parsed("size", (text, at) -> Values.count(text, at.child("size"), source));
        Optional<Duration> age = section.parsed("age", (text, at) -> Values.duration(text, at.child("age"), source));
        Optional<Long> memory = section.parsed("memory", (text, at) -> Values.bytes(text, at.child("memory"), source));
        section.close();
        try {
            return Optional.of(options(size, age, memory));
        } catch (InvalidInputException wrong) {
            wrong.problems()
                    .forEach(problem -> source.report(
                            problem.key().map(section::position).orElse(section.position()),
                            section.child("") + problem.message()));
            return Optional.empty();
        }
    }

    private static CacheOptions options(Optional<Integer> size, Optional<Duration> age, Optional<Long> memory) {
        return new CacheOptions(
                size.map(Integer::longValue).orElse(DEFAULT_SIZE),
                age.orElse(DEFAULT_AGE),
                memory.orElse(CacheOptions.DEFAULT_MEMORY));
    }

    /**
     * The same from single texts, written as in a pipeline file; what is not said has its default.
     *
     * @throws InvalidInputException with everything that is wrong
     */
    public static CacheOptions read(Optional<String> size, Optional<String> age, Optional<String> memory) {
        List<Problem> problems = new ArrayList<>();
        YamlSource source = new YamlSource("", Map.of(), problems);
        Optional<Integer> entries = value(size, "size", (text, path) -> Values.count(text, path, source));
        Optional<Duration> duration = value(age, "age", (text, path) -> Values.duration(text, path, source));
        Optional<Long> bytes = value(memory, "memory", (text, path) -> Values.bytes(text, path, source));
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems.stream()
                    .map(problem -> Problem.of(problem.message()))
                    .toList());
        }
        return options(entries, duration, bytes);
    }

    private static <T> Optional<T> value(
            Optional<String> text, String path, BiFunction<Located, String, Optional<T>> reading) {
        return text.flatMap(written -> reading.apply(new Located(written, new Problem.Position("", 1, 1)), path));
    }
}
