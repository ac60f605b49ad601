package dev.millwright.pipelines;

import dev.millwright.core.Schema;
import dev.millwright.registry.DatasetReference;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which version of each table is held that a view looks things up in: the newest that has the columns that the view reads. One that the
 * pipeline file names stays. Thread-safe.
 */
final class LookupVersions {
    private final Registry registry;
    private final Origins origins;
    private final DatasetRows rows;

    LookupVersions(Registry registry, Origins origins, DatasetRows rows) {
        this.registry = registry;
        this.origins = origins;
        this.rows = rows;
    }

    /**
     * The versions by table.
     *
     * @param needed the columns that are read of each table
     */
    Map<String, RecordedDataset> newest(ModelVersion version, Map<String, Schema> needed) {
        Map<String, RecordedDataset> own = origins.tables(version);
        Map<String, RecordedDataset> newest = new TreeMap<>();
        needed.forEach((table, columns) -> {
            RecordedDataset trained = EventDoor.dataset(own, table);
            newest.put(table, isNamed(version, table) ? trained : newest(trained, columns));
        });
        return newest;
    }

    /** Whether the pipeline file says which version it is. */
    private boolean isNamed(ModelVersion version, String table) {
        PipelineFile.Source source = origins.file(version).data().get(table);
        return source != null
                && VersionSource.isOne(source)
                && !(VersionSource.of(table, source).reference().choice() instanceof DatasetReference.Choice.Newest);
    }

    private RecordedDataset newest(RecordedDataset trained, Schema columns) {
        return registry.datasets().versions(trained.dataset()).stream()
                .takeWhile(version -> version.version() > trained.version())
                .filter(version -> version.schema().columns().containsAll(columns.columns()))
                .filter(rows::has)
                .findFirst()
                .orElse(trained);
    }
}
