package dev.millwright.pipelines.scoring;

/**
 * What scoring came to.
 *
 * @param out the file or folder that was written
 * @param rows of the output
 * @param parts that the rows went through
 * @param reusedParts how many of them an earlier call had finished
 * @param seconds of this call
 * @param rowsPerSecond of the rows that this call scored
 */
public record ScoringSummary(
        String endpoint,
        String model,
        int version,
        String out,
        long rows,
        int parts,
        int reusedParts,
        double seconds,
        double rowsPerSecond) {}
