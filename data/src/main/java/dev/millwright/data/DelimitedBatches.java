package dev.millwright.data;

import java.util.List;
import java.util.stream.IntStream;

/** How batches of CSV and TSV are read: every cell that is kept stays the text that it is. */
final class DelimitedBatches {
    private final List<String> columns;
    private final BatchRequest request;
    private final ColumnChoice choice;

    DelimitedBatches(List<String> columns, BatchRequest request, SourceFiles source) {
        this.columns = columns;
        this.request = request;
        this.choice = ColumnChoice.of(source.files().getFirst(), columns, request);
    }

    BatchLayout layout(String relation) {
        return new BatchLayout(
                relation,
                choice.kept().stream()
                        .map(position -> new BatchLayout.Kept(columns.get(position), Staged.cell(position)))
                        .toList(),
                IntStream.range(0, request.inputs().size())
                        .mapToObj(i -> FeatureSql.cell(
                                request.inputs().get(i).type(),
                                Staged.cell(choice.inputs().get(i))))
                        .toList());
    }
}
