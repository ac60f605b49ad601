package dev.millwright.data.profile;

/**
 * Rows of the test that stand in the training rows, too: what a model remembers of them is no merit. A row is the same when all
 * that a model may learn from is: every column but the label, ids, the entity and the time.
 *
 * @param by how train and test are parted
 * @param testShare of all rows, as far as they are parted here
 * @param exact share of the test rows that have their like among the training rows; expected, where rows are parted at random
 * @param near the same, when numbers that differ by next to nothing and texts that differ in case or blanks count as equal; at
 *     least that many
 * @param agreeing of the rows with a near twin, the share in groups that have one label; 1 without a label
 * @param byChance an estimate of {@code near} if columns had nothing to do with each other and no row were copied
 */
public record SharedRows(By by, double testShare, double exact, double near, double agreeing, double byChance) {
    /** How train and test are parted. */
    public enum By {
        RANDOM,
        TIME,
        /** They are two sources. */
        SOURCE
    }
}
