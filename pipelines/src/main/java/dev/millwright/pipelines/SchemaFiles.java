package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import dev.millwright.core.Words;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.Contract;
import dev.millwright.data.OtherColumns;
import dev.millwright.data.ValueRule;
import dev.millwright.data.schema.SchemaFile;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Adds to the sources of a pipeline file what the schemas say that they name by {@code schema: {from: FILE}}. A column of which
 * the pipeline file says the type is as it says; of others it says what the schema doesn't, such as the unit.
 */
public final class SchemaFiles {
    private final Path folder;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, List<String>> notes = new LinkedHashMap<>();

    /** @param folder where relative paths in the pipeline file start */
    SchemaFiles(Path folder) {
        this.folder = folder;
    }

    /** @throws InvalidInputException with every problem of the schemas */
    public static PipelineFile fill(PipelineFile file, Path folder) {
        SchemaFiles schemas = new SchemaFiles(folder);
        PipelineFile filled = schemas.fill(file);
        if (!schemas.problems.isEmpty()) {
            throw new InvalidInputException(schemas.problems);
        }
        return filled;
    }

    /** The file with whole contracts; a source whose schema has problems stays as it is written. */
    PipelineFile fill(PipelineFile file) {
        Map<String, Source> data = new LinkedHashMap<>(file.data());
        data.replaceAll((dataset, source) -> source.schemaFile()
                .filter(schema -> !VersionSource.isOne(source))
                .flatMap(schema -> read(dataset, source, schema))
                .orElse(source));
        return file.withData(data);
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** What the schema of a dataset promises and nobody checks, then {@code others}. */
    List<String> warnings(String dataset, List<String> others) {
        return Stream.concat(notes.getOrDefault(dataset, List.of()).stream(), others.stream())
                .toList();
    }

    private Optional<Source> read(String dataset, Source source, Located name) {
        try {
            Set<String> elsewhere = source.contract().columns().stream()
                    .filter(column -> column.type().isPresent())
                    .map(ColumnContract::name)
                    .collect(Collectors.toSet());
            SchemaFile schema = SchemaFile.read(name.text(), folder.resolve(name.text()), elsewhere);
            notes.put(dataset, schema.notes());
            return Optional.of(merged(dataset, source, schema));
        } catch (InvalidInputException wrong) {
            problems.addAll(wrong.problems());
        } catch (MillwrightException absent) {
            problems.add(Problem.at(
                    name.position(),
                    "data." + dataset + ".schema.from: " + Objects.requireNonNullElse(absent.getMessage(), "")));
        }
        return Optional.empty();
    }

    private Source merged(String dataset, Source source, SchemaFile schema) {
        Map<String, ColumnContract> columns = new LinkedHashMap<>();
        schema.columns().forEach(column -> columns.put(column.name(), column));
        for (ColumnContract said : source.contract().columns()) {
            ColumnContract known = columns.get(said.name());
            if (known != null) {
                columns.put(said.name(), both(known, said));
            } else if (said.type().isPresent()) {
                columns.put(said.name(), said);
            } else {
                problems.add(Problem.at(
                        source.position("schema." + said.name()),
                        "data." + dataset + ".schema." + said.name()
                                + ": unknown column (expected: one of the schema, or"
                                + " 'type: …' with it)."
                                + Words.suggestion(said.name(), columns.keySet())));
            }
        }
        Map<String, Position> places = new LinkedHashMap<>(source.keys());
        schema.places().forEach((column, place) -> places.putIfAbsent("schema." + column, place));
        OtherColumns others =
                source.keys().containsKey("other_columns") ? source.contract().others() : schema.others();
        return source.withContract(
                new Contract(
                        List.copyOf(columns.values()), others, source.contract().evolution()),
                places);
    }

    private static ColumnContract both(ColumnContract schema, ColumnContract said) {
        List<ValueRule> rules = Stream.concat(schema.rules().stream(), said.rules().stream())
                .distinct()
                .toList();
        return new ColumnContract(
                schema.name(),
                schema.type(),
                rules,
                said.unit(),
                said.description().or(schema::description),
                said.privacy(),
                said.knownAfter());
    }
}
