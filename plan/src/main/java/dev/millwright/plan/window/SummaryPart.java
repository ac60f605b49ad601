package dev.millwright.plan.window;

/**
 * One thing that a summary knows of a column's values that aren't NULL: the cells that it takes, and how values and other summaries
 * get into them. Doubles are held as their bits.
 */
enum SummaryPart {
    COUNT(1) {
        @Override
        void clear(long[] cells, int at) {
            cells[at] = 0;
        }

        @Override
        void add(long[] cells, int at, long[] values, int start, long present) {
            cells[at] += Long.bitCount(present);
        }

        @Override
        void merge(long[] cells, int at, long[] others, int from) {
            cells[at] += others[from];
        }
    },

    /** Of BIGINT: 128 bits, the lower ones first. */
    WHOLE_SUM(2) {
        @Override
        void clear(long[] cells, int at) {
            cells[at] = 0;
            cells[at + 1] = 0;
        }

        @Override
        void add(long[] cells, int at, long[] values, int start, long present) {
            for (long rest = present; rest != 0; rest &= rest - 1) {
                long value = values[start + Long.numberOfTrailingZeros(rest)];
                add(cells, at, value, value >> (Long.SIZE - 1));
            }
        }

        @Override
        void merge(long[] cells, int at, long[] others, int from) {
            add(cells, at, others[from], others[from + 1]);
        }

        private static void add(long[] cells, int at, long low, long high) {
            long sum = cells[at] + low;
            cells[at + 1] += high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
            cells[at] = sum;
        }
    },

    /** Of DOUBLE: the sum and what rounding left of it. D. E. Knuth, The Art of Computer Programming, vol. 2, 4.2.2, theorem B. */
    REAL_SUM(2) {
        @Override
        void clear(long[] cells, int at) {
            put(cells, at, 0);
            put(cells, at + 1, 0);
        }

        @Override
        void add(long[] cells, int at, long[] values, int start, long present) {
            for (long rest = present; rest != 0; rest &= rest - 1) {
                double value = real(values, start + Long.numberOfTrailingZeros(rest));
                add(cells, at, Math.abs(value) > Measure.LARGEST_SUMMED ? Double.NaN : value, 0);
            }
        }

        @Override
        void merge(long[] cells, int at, long[] others, int from) {
            add(cells, at, real(others, from), real(others, from + 1));
        }

        private static void add(long[] cells, int at, double value, double left) {
            double before = real(cells, at);
            double sum = before + value;
            double added = sum - before;
            double lost = (before - (sum - added)) + (value - added);
            put(cells, at, sum);
            put(cells, at + 1, real(cells, at + 1) + lost + left);
        }
    },

    /** Of BIGINT, TIMESTAMP and BOOLEAN, least first. */
    WHOLE_EXTREMES(2) {
        @Override
        void clear(long[] cells, int at) {
            cells[at] = Long.MAX_VALUE;
            cells[at + 1] = Long.MIN_VALUE;
        }

        @Override
        void add(long[] cells, int at, long[] values, int start, long present) {
            for (long rest = present; rest != 0; rest &= rest - 1) {
                long value = values[start + Long.numberOfTrailingZeros(rest)];
                cells[at] = Math.min(cells[at], value);
                cells[at + 1] = Math.max(cells[at + 1], value);
            }
        }

        @Override
        void merge(long[] cells, int at, long[] others, int from) {
            cells[at] = Math.min(cells[at], others[from]);
            cells[at + 1] = Math.max(cells[at + 1], others[from + 1]);
        }
    },

    /** Of DOUBLE, least first. */
    REAL_EXTREMES(2) {
        @Override
        void clear(long[] cells, int at) {
            put(cells, at, Double.POSITIVE_INFINITY);
            put(cells, at + 1, Double.NEGATIVE_INFINITY);
        }

        @Override
        void add(long[] cells, int at, long[] values, int start, long present) {
            for (long rest = present; rest != 0; rest &= rest - 1) {
                double value = real(values, start + Long.numberOfTrailingZeros(rest));
                put(cells, at, Math.min(real(cells, at), value));
                put(cells, at + 1, Math.max(real(cells, at + 1), value));
            }
        }

        @Override
        void merge(long[] cells, int at, long[] others, int from) {
            put(cells, at, Math.min(real(cells, at), real(others, from)));
            put(cells, at + 1, Math.max(real(cells, at + 1), real(others, from + 1)));
        }
    },

    /** How many there are, then the first and the last, as the tiles hold them. */
    EDGES(3) {
        @Override
        void clear(long[] cells, int at) {
            cells[at] = 0;
        }

        @Override
        void add(long[] cells, int at, long[] values, int start, long present) {
            if (present != 0) {
                long first = values[start + Long.numberOfTrailingZeros(present)];
                long last = values[start + Long.SIZE - 1 - Long.numberOfLeadingZeros(present)];
                add(cells, at, Long.bitCount(present), first, last);
            }
        }

        @Override
        void merge(long[] cells, int at, long[] others, int from) {
            if (others[from] > 0) {
                add(cells, at, others[from], others[from + 1], others[from + 2]);
            }
        }

        private static void add(long[] cells, int at, long count, long first, long last) {
            cells[at + 1] = cells[at] == 0 ? first : cells[at + 1];
            cells[at + 2] = last;
            cells[at] += count;
        }
    },

    /**
     * Of DOUBLE: count, mean and the sum of squared deviations from it. T. F. Chan, G. H. Golub and R. J. LeVeque, "Updating
     * Formulae and a Pairwise Algorithm for Computing Sample Variances", COMPSTAT 1982.
     */
    DEVIATIONS(3) {
        @Override
        void clear(long[] cells, int at) {
            cells[at] = 0;
            put(cells, at + 1, 0);
            put(cells, at + 2, 0);
        }

        @Override
        void add(long[] cells, int at, long[] values, int start, long present) {
            for (long rest = present; rest != 0; rest &= rest - 1) {
                double value = real(values, start + Long.numberOfTrailingZeros(rest));
                double lost = Math.abs(value) > Measure.LARGEST_SQUARED ? Double.NaN : 0;
                add(cells, at, 1, value, lost);
            }
        }

        @Override
        void merge(long[] cells, int at, long[] others, int from) {
            if (others[from] > 0) {
                add(cells, at, others[from], real(others, from + 1), real(others, from + 2));
            }
        }

        private static void add(long[] cells, int at, long count, double mean, double squares) {
            long before = cells[at];
            cells[at] = before + count;
            if (before == 0) {
                put(cells, at + 1, mean);
                put(cells, at + 2, squares);
                return;
            }
            double apart = mean - real(cells, at + 1);
            double share = (double) count / cells[at];
            put(cells, at + 1, real(cells, at + 1) + apart * share);
            put(cells, at + 2, real(cells, at + 2) + squares + apart * apart * share * before);
        }
    };

    private final int cells;

    SummaryPart(int cells) {
        this.cells = cells;
    }

    /** How many longs it takes. */
    int cells() {
        return cells;
    }

    /** Makes it that of no values. */
    abstract void clear(long[] cells, int at);

    /**
     * Adds values that lie beside each other.
     *
     * @param start where the first of them is
     * @param present a bit for each of them, the lowest for the first; values without are left out
     */
    abstract void add(long[] cells, int at, long[] values, int start, long present);

    /** Adds what is known of later values. */
    abstract void merge(long[] cells, int at, long[] others, int from);

    static double real(long[] cells, int at) {
        return Double.longBitsToDouble(cells[at]);
    }

    private static void put(long[] cells, int at, double value) {
        cells[at] = Double.doubleToRawLongBits(value);
    }
}
