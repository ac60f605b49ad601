package dev.millwright.plan;

/**
 * A point in time of a row: {@code micros} after {@code clock}.
 *
 * @param clock an expression over dataset columns that isn't itself another one plus a constant
 */
record Moment(Expression clock, long micros) {
    /** Never past the ends of time. */
    Moment plus(long more) {
        long sum = micros + more;
        boolean over = ((micros ^ sum) & (more ^ sum)) < 0;
        return new Moment(clock, over ? (more < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum);
    }
}
