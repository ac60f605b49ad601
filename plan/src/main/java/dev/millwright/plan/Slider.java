package dev.millwright.plan;

import dev.millwright.plan.window.Measure;
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

        boolean fits() {
            return high == low >> 63;
        }

        long total() {
            return low;
        }
    }

    /** What can't be taken back exactly: two stacks. */
    private abstract static sealed class Stacked extends Slider {
        /** The rows before are in the older stack, by how far they are from here. */
        private long middle;

        private long first;

        private Stacked(Ring ring, int argument) {
            super(ring, argument);
        }

        @Override
        void clear() {
            super.clear();
            middle = 0;
            first = 0;
            clearNewer();
        }

        @Override
        final void leave(long gone, long kept, long end) {
            first = kept;
            if (kept <= middle) {
                return;
            }
            int size = Math.toIntExact(end - kept);
            makeRoom(size);
            for (int i = 1; i <= size; i++) {
                long number = end - i;
                stack(i, number, ring.isMissing(argument, number));
            }
            middle = end;
            clearNewer();
        }

        /** How many rows of the older stack are still in, which is where its summary of them stands. */
        final int older() {
            return first < middle ? (int) (middle - first) : 0;
        }

        abstract void clearNewer();

        /** Makes room for the positions 0, which summarises nothing, to {@code size}. */
        abstract void makeRoom(int size);

        /** Puts what position - 1 holds and one more row into {@code position}. */
        abstract void stack(int position, long number, boolean missing);

        static int capacity(int size) {
            return Integer.highestOneBit(size + 1) * 2;
        }
    }

    /** The sum of DOUBLE. */
    static final class DoubleSum extends Stacked {
        private double[] sums = new double[1];
        private int[] counts = new int[1];
        private double newer;
        private long newerCount;

        DoubleSum(Ring ring, int argument) {
            super(ring, argument);
        }

        @Override
        void enter(long number) {
            newer += summed(number);
            newerCount++;
        }

        private double summed(long number) {
            double value = ring.real(argument, number);
            return Math.abs(value) > Measure.LARGEST_SUMMED ? Double.NaN : value;
        }

        @Override
        void clearNewer() {
            newer = 0;
            newerCount = 0;
        }

        @Override
        void makeRoom(int size) {
            if (sums.length <= size) {
                sums = new double[capacity(size)];
                counts = new int[sums.length];
            }
        }

        @Override
        void stack(int position, long number, boolean missing) {
            sums[position] = missing ? sums[position - 1] : sums[position - 1] + summed(number);
            counts[position] = missing ? counts[position - 1] : counts[position - 1] + 1;
        }

        long count() {
            return counts[older()] + newerCount;
        }

        double total() {
            return sums[older()] + newer;
        }
    }

    /** Count and sum of squared deviations of DOUBLE. */
    static final class Moments extends Stacked {
        private Deviations[] stacked = {Deviations.NONE};
        private Deviations newer = Deviations.NONE;

        Moments(Ring ring, int argument) {
            super(ring, argument);
        }

        @Override
        void enter(long number) {
            newer = newer.with(squared(number));
        }

        private double squared(long number) {
            double value = ring.real(argument, number);
            return Math.abs(value) > Measure.LARGEST_SQUARED ? Double.NaN : value;
        }

        @Override
        void clearNewer() {
            newer = Deviations.NONE;
        }

        @Override
        void makeRoom(int size) {
            if (stacked.length <= size) {
                stacked = new Deviations[capacity(size)];
                stacked[0] = Deviations.NONE;
            }
        }

        @Override
        void stack(int position, long number, boolean missing) {
            Deviations before = stacked[position - 1];
            stacked[position] = missing ? before : before.with(squared(number));
        }

        Deviations all() {
            return stacked[older()].and(newer);
        }
    }

    /** The first value, or the last. */
    static final class Edge extends Slider {
        private final boolean first;
        private boolean found;
        private long place;
        private @Nullable Object value;

        Edge(Ring ring, int argument, boolean first) {
            super(ring, argument);
            this.first = first;
        }

        @Override
        void clear() {
            super.clear();
            found = false;
            value = null;
        }

        @Override
        void enter(long number) {
            if (!first || !found) {
                take(number);
            }
        }

        private void take(long number) {
            found = true;
            place = number;
            value = ring.value(argument, number);
        }

        @Override
        void leave(long gone, long kept, long end) {
            if (!found || place >= kept) {
                return;
            }
            found = false;
            value = null;
            for (long number = kept; first && !found && number < end; number++) {
                if (!ring.isMissing(argument, number)) {
                    take(number);
                }
            }
        }

        @Nullable
        Object value() {
            return value;
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
