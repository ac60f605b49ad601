package dev.millwright.data;

import dev.millwright.core.Progress;

/** Brings the rows of a source into a session, whatever their format. */
final class Stager {
    /** Whatever the size of the source. */
    static final long WHOLE = Long.MAX_VALUE;

    private final DuckDb duck;
    private final Session session;
    private final Progress progress;

    Stager(DuckDb duck, Session session, Progress progress) {
        this.duck = duck;
        this.session = session;
        this.progress = progress;
    }

    /**
     * Stages the rows of a source.
     *
     * @param limit bytes of text after which the rest is left, or {@link #WHOLE}
     */
    Staged stage(SourceSpec spec, long limit) {
        SourceFiles source = SourceFiles.of(spec);
        Staged.createRejected(session);
        return switch (source.format()) {
            case CSV, TSV -> new DelimitedStager(duck, session, progress).stage(spec, source, limit);
            case JSONL -> new JsonLinesStager(duck, session, progress).stage(spec, source, limit);
            case PARQUET -> new ParquetStager(session).stage(spec, source);
        };
    }
}
