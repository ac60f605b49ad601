package dev.millwright.pipelines;

import dev.millwright.core.KnownAfter;
import dev.millwright.core.Schema;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.Source;
import dev.millwright.plan.TableShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells a plan what the pipeline file says of the datasets: when their rows happen, and when their columns are known. */
final class TableShapes {
    private TableShapes() {}

    /** @param schemas by dataset, as they were found */
    static List<TableShape> of(PipelineFile file, Map<String, Schema> schemas) {
        return schemas.entrySet().stream()
                .map(table -> file.data().containsKey(table.getKey())
                        ? of(table.getKey(), file.data().get(table.getKey()), table.getValue())
                        : TableShape.of(table.getKey(), table.getValue()))
                .toList();
    }

    /** @throws dev.millwright.core.InvalidInputException with problems about the keys of {@code source} */
    static TableShape of(String dataset, Source source, Schema schema) {
        Map<String, KnownAfter> known = new LinkedHashMap<>();
        source.contract()
                .columns()
                .forEach(column -> column.knownAfter().ifPresent(after -> known.put(column.name(), after)));
        return new TableShape(dataset, schema, source.time().map(Located::text), known);
    }
}
