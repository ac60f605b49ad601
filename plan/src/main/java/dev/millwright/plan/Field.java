package dev.millwright.plan;

/**
 * A column somewhere in a plan.
 *
 * @param id unique in the plan, counted from 0; the column's slot when a row is evaluated
 * @param name what the query calls it
 */
record Field(int id, String name, ValueType type) {
    /** A name that no other field of the plan has. */
    String uniqueName() {
        return name + "_" + id;
    }
}
