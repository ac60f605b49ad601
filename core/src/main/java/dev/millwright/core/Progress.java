package dev.millwright.core;

/** Where long work says how far it is. Implementations are thread-safe and cheap to call. */
@FunctionalInterface
public interface Progress {
    /** For work that nobody watches. */
    Progress NONE = (what, done, total) -> {};

    /**
     * Says how far the work is.
     *
     * @param what the work, as a person reads it: {@code "trees"}, {@code "rows of flights"}
     * @param done units done so far
     * @param total units in all, or 0 when unknown
     */
    void report(String what, long done, long total);
}
