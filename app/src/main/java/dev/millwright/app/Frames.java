package dev.millwright.app;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import java.util.ArrayList;
import java.util.List;

/** Puts frames of one row each one below the other. */
final class Frames {
    private Frames() {}

    static Frame concatenate(List<Frame> rows) {
        List<FeatureColumn> columns = new ArrayList<>();
        for (int column = 0; column < rows.getFirst().columns().size(); column++) {
            columns.add(
                    switch (rows.getFirst().columns().get(column)) {
                        case FeatureColumn.Numeric numeric -> {
                            float[] values = new float[rows.size()];
                            for (int row = 0; row < values.length; row++) {
                                values[row] = ((FeatureColumn.Numeric) rows.get(row).columns().get(column)).values()[0];
                            }
                            yield new FeatureColumn.Numeric(numeric.name(), values);
                        }
                        case FeatureColumn.Text text -> {
                            String[] values = new String[rows.size()];
                            for (int row = 0; row < values.length; row++) {
                                values[row] = ((FeatureColumn.Text) rows.get(row).columns().get(column)).values()[0];
                            }
                            yield new FeatureColumn.Text(text.name(), values);
                        }
                    });
        }
        return new Frame(rows.size(), columns);
    }
}
