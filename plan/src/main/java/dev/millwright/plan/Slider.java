package dev.millwright.plan;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a summary of the rows from one number to another while both only grow. What can't be taken back exactly is kept as two
 * stacks: sums over the tail of the older rows, made anew each time those are used up, and one sum over the newer rows. So each row
 * is added twice and none is ever subtracted (K. Tangwongsan, M. Hirzel, S. Schneider, "Low-latency sliding-window aggregation in
 * worst-case constant time", DEBS 2017, section 2). For one thread.
 */
abstract sealed class Slider {
    final Ring ring;
    final int argument;
    private long from;
    private long to;

    private Slider(Ring ring, int argument) {
        this.ring = ring;
        this.argument = argument;
    }

    void clear() {
        from = 0;
        to = 0;
    }

    /** Moves on; neither number may be smaller than the last time. */
    final void slide(long newFrom, long newTo) {
        for (; to < newTo; to++) {
            if (!ring.isMissing(argument, to)) {
                enter(to);
            }
        }
        if (from < newFrom) {
            leave(from, newFrom, to);
            from = newFrom;
        }
    }

    /** A row with a value comes in at the end. */
    abstract void enter(long number);

    /** The rows from {@code first} to before {@code kept} go; those from there to before {@code end} stay. */
    abstract void leave(long first, long kept, long end);

    /** How many values there are. */
    static final class Present extends Slider {
        private long count;

        Present(Ring ring, int argument) {
            super(ring, argument);
        }

        @Override
        void clear() {
            super.clear();
            count = 0;
        }

        @Override
        void enter(long number) {
            count++;
        }

        @Override
        void leave(long first, long kept, long end) {
            for (long number = first; number < kept; number++) {
                if (!ring.isMissing(argument, number)) {
                    count--;
                }
            }
        }

        long count() {
            return count;
        }
    }

    /** The exact sum of BIGINT, in 128 bits. */
    static final class WholeSum extends Slider {
        private long count;
        private long high;
        private long low;

        WholeSum(Ring ring, int argument) {
            super(ring, argument);
        }

        @Override
        void clear() {
            super.clear();
            count = 0;
            high = 0;
            low = 0;
        }

        @Override
        void enter(long number) {
            long value = ring.whole(argument, number);
            long sum = low + value;
            high += (value >> 63) + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
            low = sum;
            count++;
        }

        @Override
        void leave(long first, long kept, long end) {
            for (long number = first; number < kept; number++) {
                if (!ring.isMissing(argument, number)) {
                    long value = ring.whole(argument, number);
                    high -= (value >> 63) + (Long.compareUnsigned(low, value) < 0 ? 1 : 0);
                    low -= value;
                    count--;
                }
            }
        }

        long count() {
            return count;
        }

        long exact() {
            if (high != low >> 63) {
                BigInteger total =
                        BigInteger.valueOf(high).shiftLeft(64).add(new BigInteger(Long.toUnsignedString(low)));
                throw Scalars.overflow("SUM: " + total, null);
            }
            return low;
        }
    }

    /** The sum of DOUBLE. */
    static final class DoubleSum extends Slider {
        private double[] older = new double[0];
        private int[] olderCounts = new int[0];
        /** The rows before are in {@link #older}, by how far they are from here. */
        private long middle;

        private long first;
        private double newer;
        private long newerCount;

        DoubleSum(Ring ring, int argument) {
            super(ring, argument);
        }

        @Override
        void clear() {
            super.clear();
            middle = 0;
            first = 0;
            newer = 0;
            newerCount = 0;
        }

        @Override
        void enter(long number) {
            newer += ring.real(argument, number);
            newerCount++;
        }

        @Override
        void leave(long gone, long kept, long end) {
            first = kept;
            if (kept <= middle) {
                return;
            }
            int size = Math.toIntExact(end - kept);
            if (older.length <= size) {
                older = new double[Integer.highestOneBit(size + 1) * 2];
                olderCounts = new int[older.length];
            }
            double sum = 0;
            int count = 0;
            for (int i = 1; i <= size; i++) {
                if (!ring.isMissing(argument, end - i)) {
                    sum += ring.real(argument, end - i);
                    count++;
                }
                older[i] = sum;
                olderCounts[i] = count;
            }
            middle = end;
            newer = 0;
            newerCount = 0;
        }

        long count() {
            return first < middle ? olderCounts[(int) (middle - first)] + newerCount : newerCount;
        }

        double total() {
            return first < middle ? older[(int) (middle - first)] + newer : newer;
        }
    }

    /** Count and sum of squared deviations of DOUBLE; put together as in T. Chan, G. Golub and R. LeVeque (1979). */
    static final class Moments extends Slider {
        private Deviations[] older = new Deviations[0];
        private long middle;
        private long first;
        private Deviations newer = Deviations.NONE;

        /** B. P. Welford's running mean and squares, as values. */
        private record Deviations(long count, double mean, double squares) {
            static final Deviations NONE = new Deviations(0, 0, 0);

            Deviations with(double value) {
                double before = value - mean;
                double next = mean + before / (count + 1);
                return new Deviations(count + 1, next, squares + before * (value - next));
            }

            Deviations and(Deviations other) {
                if (count == 0 || other.count == 0) {
                    return count == 0 ? other : this;
                }
                long total = count + other.count;
                double apart = other.mean - mean;
                return new Deviations(
                        total,
                        mean + apart * other.count / total,
                        squares + other.squares + apart * apart * count * other.count / total);
            }
        }

        Moments(Ring ring, int argument) {
            super(ring, argument);
        }

        @Override
        void clear() {
            super.clear();
            middle = 0;
            first = 0;
            newer = Deviations.NONE;
        }

        @Override
        void enter(long number) {
            newer = newer.with(ring.real(argument, number));
        }

        @Override
        void leave(long gone, long kept, long end) {
            first = kept;
            if (kept <= middle) {
                return;
            }
            int size = Math.toIntExact(end - kept);
            if (older.length <= size) {
                older = new Deviations[Integer.highestOneBit(size + 1) * 2];
                Arrays.fill(older, Deviations.NONE);
            }
            Deviations sum = Deviations.NONE;
            for (int i = 1; i <= size; i++) {
                sum = ring.isMissing(argument, end - i) ? sum : sum.with(ring.real(argument, end - i));
                older[i] = sum;
            }
            middle = end;
            newer = Deviations.NONE;
        }

        private Deviations all() {
            return first < middle ? older[(int) (middle - first)].and(newer) : newer;
        }

        long count() {
            return all().count();
        }

        double squares() {
            return all().squares();
        }
    }

    /**
     * The largest (sign 1) or smallest (sign -1) value: candidates in the order of rows, each beating all after it. The first is the
     * answer.
     */
    static final class Extreme extends Slider {
        private final int sign;
        private final boolean keepsAll;
        private long[] numbers = new long[16];
        private @Nullable Object[] values = new @Nullable Object[16];
        private int head;
        private int size;

        /** @param keepsAll whether no row ever leaves, so that only the best counts */
        Extreme(Ring ring, int argument, int sign, boolean keepsAll) {
            super(ring, argument);
            this.sign = sign;
            this.keepsAll = keepsAll;
        }

        @Override
        void clear() {
            super.clear();
            head = 0;
            size = 0;
        }

        @Override
        void enter(long number) {
            Object value = ring.value(argument, number);
            while (size > 0 && beats(value, values[at(size - 1)])) {
                size--;
            }
            if (size > 0 && keepsAll) {
                return;
            }
            if (size == numbers.length) {
                grow();
            }
            numbers[at(size)] = number;
            values[at(size)] = value;
            size++;
        }

        private boolean beats(Object value, @Nullable Object other) {
            return other == null || Scalars.compare(value, other) * sign >= 0;
        }

        @Override
        void leave(long first, long kept, long end) {
            while (size > 0 && numbers[head] < kept) {
                head = at(1);
                size--;
            }
        }

        private int at(int position) {
            return (head + position) & (numbers.length - 1);
        }

        private void grow() {
            long[] moreNumbers = new long[numbers.length * 2];
            @Nullable Object[] moreValues = new @Nullable Object[moreNumbers.length];
            for (int i = 0; i < size; i++) {
                moreNumbers[i] = numbers[at(i)];
                moreValues[i] = values[at(i)];
            }
            numbers = moreNumbers;
            values = moreValues;
            head = 0;
        }

        @Nullable
        Object value() {
            return size == 0 ? null : values[head];
        }
    }
}
