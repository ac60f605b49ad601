package dev.millwright.data.profile;

import java.util.OptionalDouble;

/**
 * How two columns go together, over the rows of the sample that have both.
 *
 * @param value of {@code measure}
 * @param pearson Pearson's r, of two numbers
 * @param mutualInformation what one tells of the other, in bits; numbers are cut into sixteen bins of as many rows
 */
public record Association(
        String first, String second, Measure measure, double value, OptionalDouble pearson, double mutualInformation) {

    /** How association is measured, by the kinds of the two columns. */
    public enum Measure {
        /** Spearman's rho, of two numbers: from -1 to 1. */
        SPEARMAN,
        /** Cramér's V with Bergsma's correction, of two columns of classes: from 0 to 1. */
        CRAMERS_V,
        /** The correlation ratio eta, of a number and classes: from 0 to 1. */
        CORRELATION_RATIO
    }

    /** From 0, nothing, to 1, one decides the other. */
    public double strength() {
        return Math.abs(value);
    }
}
