package dev.millwright.data;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Cuts text files: their rows are found here, in order, and put aside; what they mean is found out where the batch is worked
 * on.
 */
final class TextCutter implements BatchCutter {
    private static final String TABLE = "staged_rows";

    private final DuckDb duck;
    private final BatchRequest request;
    private final SourceFiles source;
    private final TextRows rows;
    private final int width;
    private final BiFunction<Session, RowBatch.Rows, BatchLayout> layout;
    private long cut;

    private TextCutter(
            DuckDb duck,
            BatchRequest request,
            SourceFiles source,
            TextRows rows,
            int width,
            BiFunction<Session, RowBatch.Rows, BatchLayout> layout) {
        this.duck = duck;
        this.request = request;
        this.source = source;
        this.rows = rows;
        this.width = width;
        this.layout = layout;
    }

    static TextCutter delimited(DuckDb duck, BatchRequest request, SourceFiles source) {
        DelimitedRows rows = DelimitedRows.open(request.source(), source);
        DelimitedBatches batches = new DelimitedBatches(rows.columns(), request, source);
        return new TextCutter(
                duck, request, source, rows, rows.columns().size(), (session, found) -> batches.layout(TABLE));
    }

    static TextCutter jsonLines(DuckDb duck, BatchRequest request, SourceFiles source) {
        JsonLineBatches batches = new JsonLineBatches(request);
        return new TextCutter(
                duck,
                request,
                source,
                new JsonLineRows(request.source(), source),
                1,
                (session, found) -> batches.layout(session, TABLE, found));
    }

    @Override
    public @Nullable RowBatch next() {
        Session session = duck.session();
        try {
            Staged.createRejected(session);
            StagingFile staging = new StagingFile(duck, session);
            try {
                fill(staging);
            } catch (RuntimeException broken) {
                staging.close();
                throw broken;
            }
            if (staging.rows() > 0) {
                return batch(session, staging);
            }
            staging.close();
        } catch (RuntimeException broken) {
            session.close();
            throw broken;
        }
        session.close();
        return null;
    }

    private void fill(StagingFile staging) {
        while (staging.rows() < request.rows() && rows.advance()) {
            staging.add(rows.file(), rows.line(), rows.cells());
            cut++;
        }
    }

    private RowBatch batch(Session session, StagingFile staging) {
        int count = (int) staging.rows();
        RowBatch.Rows found = new RowBatch.Rows(cut - count, count, source.files(), "line");
        return new RowBatch(
                session,
                request,
                found,
                () -> {
                    staging.load(TABLE, width);
                    staging.close(); // the file would take its room for as long as the model takes its time
                    return layout.apply(session, found);
                },
                staging::close);
    }

    @Override
    public int skip() {
        int skipped = 0;
        while (skipped < request.rows() && rows.advance()) {
            skipped++;
        }
        cut += skipped;
        return skipped;
    }

    @Override
    public long expectedRows() {
        long read = rows.bytesRead();
        return read == 0 ? 0 : Math.round((double) cut * source.bytes() / read);
    }

    @Override
    public void close() {
        rows.close();
    }
}
