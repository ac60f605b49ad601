package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Task;
import dev.millwright.evaluation.MetricSpec;
import dev.millwright.evaluation.Metrics;
import dev.millwright.learn.Learner;
import dev.millwright.learn.Learners;
import dev.millwright.learn.ParameterSpec;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables of {@code docs/pipeline-file.md} that tell what the code knows. {@code -Dreference=write} writes them anew. */
class ReferencePageTest {
    private static final Path PAGE = Path.of("..", "docs", "pipeline-file.md");

    /** A part of the page between two comments of its name. */
    enum Part {
        LEARNERS {
            @Override
            String text() {
                return learners();
            }
        },
        METRICS {
            @Override
            String text() {
                return metrics();
            }
        };

        abstract String text();

        private String begin() {
            return "<!-- " + name().toLowerCase(Locale.ROOT) + ": written by ReferencePageTest -->\n";
        }

        private String end() {
            return "<!-- end -->\n";
        }

        String in(String page) {
            Matcher matcher = pattern().matcher(page);
            assertThat(matcher.find())
                    .as("the comments around the %s in %s", this, PAGE)
                    .isTrue();
            return matcher.group(1);
        }

        String writtenInto(String page) {
            return pattern().matcher(page).replaceFirst(Matcher.quoteReplacement(begin() + text() + end()));
        }

        private Pattern pattern() {
            return Pattern.compile(Pattern.quote(begin()) + "(.*?)" + Pattern.quote(end()), Pattern.DOTALL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatTheCodeKnows(Part part) throws IOException {
        if ("write".equals(System.getProperty("reference"))) {
            Files.writeString(PAGE, part.writtenInto(Files.readString(PAGE)));
        }

        assertThat(part.in(Files.readString(PAGE)))
                .as(
                        "the %s in %s; './mvnw test -pl pipelines -am -Dtest=ReferencePageTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dreference=write' writes them anew",
                        part, PAGE)
                .isEqualTo(part.text());
    }

    private static String learners() {
        List<Learner> learners = Learners.names().stream()
                .map(name -> Learners.find(name).orElseThrow())
                .toList();
        List<ParameterSpec> common = learners.getFirst().parameters().stream()
                .filter(spec ->
                        learners.stream().allMatch(one -> one.parameters().contains(spec)))
                .toList();
        return learners.stream()
                        .map(learner -> "`" + learner.name() + "`, for " + tasks(learner) + ":\n\n"
                                + parameters(learner.parameters().stream()
                                        .filter(spec -> !common.contains(spec))
                                        .toList())
                                + "\n")
                        .collect(Collectors.joining())
                + "Every learner also takes:\n\n" + parameters(common);
    }

    private static String tasks(Learner learner) {
        return Arrays.stream(Task.values())
                .filter(learner.tasks()::contains)
                .map(Task::label)
                .collect(Collectors.joining(", "));
    }

    private static String parameters(List<ParameterSpec> specs) {
        return "| parameter | value | default | |\n|---|---|---|---|\n"
                + specs.stream()
                        .map(spec -> "| `" + spec.name() + "` | " + spec.expected() + " | " + plain(spec.defaultValue())
                                + " | " + spec.description() + " |\n")
                        .collect(Collectors.joining());
    }

    private static String plain(Object value) {
        return value instanceof Double number
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : String.valueOf(value);
    }

    private static String metrics() {
        return "| metric | | for | better | values |\n|---|---|---|---|---|\n"
                + Arrays.stream(Task.values())
                        .flatMap(task -> Metrics.of(task).stream())
                        .distinct()
                        .map(ReferencePageTest::metric)
                        .collect(Collectors.joining());
    }

    private static String metric(MetricSpec metric) {
        String tasks = Arrays.stream(Task.values())
                .filter(metric::fits)
                .map(Task::label)
                .collect(Collectors.joining(", "));
        return "| `" + metric.name() + "` | " + metric.title() + " | " + tasks + " | "
                + (metric.greaterIsBetter() ? "greater" : "smaller") + " | "
                + metric.range().toString().replaceFirst("^of ", "") + " |\n";
    }
}
