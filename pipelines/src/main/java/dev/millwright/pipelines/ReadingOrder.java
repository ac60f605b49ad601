package dev.millwright.pipelines;

import dev.millwright.core.Problem;
import dev.millwright.pipelines.PipelineFile.Source;
import dev.millwright.pipelines.PipelineFile.WrittenExpectation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The order in which the tables of a pipeline are read: that of the file, but each after those that its expectations refer to,
 * so that what it is held to is a version that is there.
 */
final class ReadingOrder {
    private final Map<String, Source> data;
    private final Set<String> tables = new LinkedHashSet<>();
    private final List<String> open = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private ReadingOrder(Map<String, Source> data) {
        this.data = data;
        data.keySet().forEach(this::add);
    }

    static ReadingOrder of(PipelineFile file) {
        return new ReadingOrder(file.data());
    }

    List<String> tables() {
        return List.copyOf(tables);
    }

    /** Circles, of which no table can be read first. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    private void add(String table) {
        if (tables.contains(table)) {
            return;
        }
        open.add(table);
        for (WrittenExpectation expectation : source(table).expectations()) {
            for (String other : references(expectation, table)) {
                if (open.contains(other)) {
                    problems.add(circle(expectation, other));
                } else {
                    add(other);
                }
            }
        }
        open.removeLast();
        tables.add(table);
    }

    /** The other tables of the file that an expectation refers to. */
    List<String> references(WrittenExpectation expectation, String table) {
        return expectation.unread().tables().stream()
                .flatMap(name -> find(name).stream())
                .filter(name -> !name.equals(table))
                .toList();
    }

    private Optional<String> find(String name) {
        return data.keySet().stream().filter(name::equalsIgnoreCase).findFirst();
    }

    private Source source(String table) {
        return Objects.requireNonNull(data.get(table));
    }

    private Problem circle(WrittenExpectation expectation, String back) {
        List<String> around = new ArrayList<>(open.subList(open.indexOf(back), open.size()));
        around.add(back);
        return Problem.at(
                expectation.check().position(),
                "expect '" + expectation.check() + "': " + around.getFirst() + " refers to "
                        + String.join(", which refers to ", around.subList(1, around.size()))
                        + " (expected: no circle, for one of them has to be read first). Leave one reference out.");
    }
}
