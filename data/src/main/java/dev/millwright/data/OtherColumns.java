package dev.millwright.data;

/** What becomes of columns that a contract doesn't name. */
public enum OtherColumns {
    /** They are columns of the dataset, too. */
    KEEP,
    /** They break the contract. */
    REFUSE
}
