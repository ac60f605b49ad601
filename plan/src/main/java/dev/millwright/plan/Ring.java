package dev.millwright.plan;

import dev.millwright.plan.RowBlock.Doubles;
import dev.millwright.plan.RowBlock.Longs;
import dev.millwright.plan.RowBlock.Texts;
import dev.millwright.plan.RowBlock.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times and function arguments of the rows of a partition that a frame may still need. Rows are numbered from 0 within the partition.
 * For one thread.
 */
final class Ring {
    private static final int SMALLEST = 1024;

    private final List<Integer> columns;
    private final @Nullable Values[] arguments;
    private long[] times = new long[SMALLEST];
    private long start;
    private long end;
    private long decided;

    /** @param columns of the blocks, which become arguments 0, 1, … */
    Ring(List<Integer> columns) {
        this.columns = columns;
        this.arguments = new @Nullable Values[columns.size()];
    }

    void clear() {
        start = 0;
        end = 0;
        decided = 0;
    }

    /** The number that the next row gets. */
    long end() {
        return end;
    }

    /** The number of the first row whose results are not known. */
    long decided() {
        return decided;
    }

    void decideNext() {
        decided++;
    }

    boolean isAfterLast(long time) {
        return end > start && time != time(end - 1);
    }

    boolean isFull() {
        return end - start == times.length;
    }

    /** Forgets the rows before {@code number}, and those that are not needed to be decided. */
    void release(long number) {
        start = Math.min(number, decided);
        if (end - start > times.length / 2) {
            grow();
        }
    }

    void append(long time, RowBlock block, int row) {
        int at = at(end);
        times[at] = time;
        for (int i = 0; i < arguments.length; i++) {
            copy(block.column(columns.get(i)), row, argument(i, block), at);
        }
        end++;
    }

    private Values argument(int position, RowBlock block) {
        Values known = arguments[position];
        if (known == null) {
            known = RowBlock.like(block.column(columns.get(position)), times.length);
            arguments[position] = known;
        }
        return known;
    }

    private static void copy(Values from, int row, Values to, int at) {
        to.missing()[at] = from.missing()[row];
        switch (from) {
            case Longs longs -> ((Longs) to).values()[at] = longs.values()[row];
            case Doubles doubles -> ((Doubles) to).values()[at] = doubles.values()[row];
            case Texts texts -> ((Texts) to).values()[at] = texts.values()[row];
        }
    }

    private void grow() {
        int larger = Math.multiplyExact(times.length, 2);
        long[] moved = new long[larger];
        for (long number = start; number < end; number++) {
            moved[(int) (number & (larger - 1))] = times[at(number)];
        }
        for (int i = 0; i < arguments.length; i++) {
            Values old = arguments[i];
            if (old != null) {
                Values wider = RowBlock.like(old, larger);
                for (long number = start; number < end; number++) {
                    copy(old, at(number), wider, (int) (number & (larger - 1)));
                }
                arguments[i] = wider;
            }
        }
        times = moved;
    }

    /** The place of a row in the arrays. */
    int at(long number) {
        return (int) (number & (times.length - 1));
    }

    long time(long number) {
        return times[at(number)];
    }

    boolean isMissing(int argument, long number) {
        return values(argument).missing()[at(number)];
    }

    long whole(int argument, long number) {
        return ((Longs) values(argument)).values()[at(number)];
    }

    double real(int argument, long number) {
        return ((Doubles) values(argument)).values()[at(number)];
    }

    /** The value as {@link Scalars#compare} takes it. */
    Object value(int argument, long number) {
        int at = at(number);
        return switch (values(argument)) {
            case Longs longs -> longs.values()[at];
            case Doubles doubles -> doubles.values()[at];
            case Texts texts -> String.valueOf(texts.values()[at]);
        };
    }

    private Values values(int argument) {
        Values values = arguments[argument];
        if (values == null) {
            throw new IllegalStateException("argument " + argument + ": asked for before the first row");
        }
        return values;
    }
}
