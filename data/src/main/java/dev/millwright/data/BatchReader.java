package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the rows of a source into batches, in their order, and holds few of them at a time: a source may be larger than memory.
 * The same source is cut the same way each time. For one thread; its batches may be worked on by others.
 */
public final class BatchReader implements AutoCloseable {
    private final BatchCutter cutter;

    private BatchReader(BatchCutter cutter) {
        this.cutter = cutter;
    }

    /**
     * The files that a source names, in the order in which they are read.
     *
     * @throws InvalidInputException when there is none, one can't be read, or their format is unknown
     */
    public static List<Path> files(SourceSpec source) {
        return SourceFiles.of(source).files();
    }

    /** The format of a source's files. */
    public static Format format(SourceSpec source) {
        return SourceFiles.of(source).format();
    }

    /** Whether a problem is that the source lacks a column which the model takes. */
    public static boolean isMissingColumn(Problem problem) {
        return problem.key().filter(ColumnChoice.KEY::equals).isPresent();
    }

    /**
     * Opens a source.
     *
     * @throws InvalidInputException when its files make no table, or lack columns that are asked for
     */
    public static BatchReader open(DuckDb duck, BatchRequest request) {
        SourceFiles files = SourceFiles.of(request.source());
        return new BatchReader(
                switch (files.format()) {
                    case CSV, TSV -> TextCutter.delimited(duck, request, files);
                    case JSONL -> TextCutter.jsonLines(duck, request, files);
                    case PARQUET -> ParquetCutter.open(duck, request, files);
                });
    }

    /**
     * The next batch; empty at the end. Close it.
     *
     * @throws InvalidInputException naming file and line of a row that is broken
     */
    public Optional<RowBatch> next() {
        return Optional.ofNullable(cutter.next());
    }

    /** Passes over the next batch, as cheaply as the format allows, and says how many rows it has: 0 at the end. */
    public int skip() {
        return cutter.skip();
    }

    /** The rows of all batches, as far as that can be told by now: 0 when it can't. */
    public long expectedRows() {
        return cutter.expectedRows();
    }

    @Override
    public void close() {
        cutter.close();
    }
}
