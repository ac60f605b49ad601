package dev.millwright.pipelines;

import dev.millwright.core.ColumnType;
import dev.millwright.core.Words;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.Contract;
import dev.millwright.pipelines.PipelineFile.Located;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads {@code schema:} of a source: columns, each with its type alone or with a mapping of all that is promised of it. */
final class ContractReader {
    private ContractReader() {}

    static Contract read(Section section) {
        List<ColumnContract> columns = new ArrayList<>();
        section.entries().forEach((name, node) -> {
            if (node instanceof MappingNode) {
                section.section(name).map(column -> column(name, column)).ifPresent(columns::add);
            } else {
                columns.add(new ColumnContract(name, section.text(name).flatMap(text -> type(section, name, text))));
            }
        });
        return new Contract(columns);
    }

    private static ColumnContract column(String name, Section section) {
        ColumnContract column =
                new ColumnContract(name, section.text("type").flatMap(text -> type(section, "type", text)));
        section.close();
        return column;
    }

    private static Optional<ColumnType> type(Section section, String key, Located text) {
        Optional<ColumnType> type = ColumnType.find(text.text());
        if (type.isEmpty()) {
            section.source()
                    .report(
                            text.position(),
                            section.child(key) + ": " + text + " (expected: a type)."
                                    + Words.suggestion(
                                            text.text(),
                                            Arrays.stream(ColumnType.values())
                                                    .map(ColumnType::label)
                                                    .toList()));
        }
        return type;
    }
}
