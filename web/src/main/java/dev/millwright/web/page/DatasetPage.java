package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * One dataset: how it came along over its versions, and one of them.
 *
 * @param versions newest first
 * @param earlier where versions before those are
 * @param chosen the version that is looked at
 * @param rows kept in each version
 * @param quarantined rows that were set aside, of those that were read
 * @param detail the expectation that is looked at
 */
public record DatasetPage(
        PageHead head,
        String name,
        List<VersionRow> versions,
        Optional<String> earlier,
        Version chosen,
        VersionChart rows,
        VersionChart quarantined,
        List<ExpectationCard> expectations,
        Optional<ExpectationDetail> detail) {
    public DatasetPage {
        versions = List.copyOf(versions);
        expectations = List.copyOf(expectations);
    }

    /** A version in the list. */
    public record VersionRow(
            int version,
            String href,
            boolean chosen,
            List<String> tags,
            long rows,
            long quarantined,
            Badge state,
            int runs,
            List<Link> models,
            Moment recorded) {
        public VersionRow {
            tags = List.copyOf(tags);
            models = List.copyOf(models);
        }
    }

    /**
     * The version that is looked at.
     *
     * @param gone why its rows can't be looked at; empty when they can
     * @param columns with what its source promised of them
     * @param reasons why rows were set aside, the most frequent first
     * @param examples some of those rows, in the order of the source
     * @param quarantined how many there are
     * @param runs that read it, the newest first; some of them
     * @param moreRuns how many others did
     */
    public record Version(
            int number,
            Badge state,
            Optional<String> gone,
            List<Fact> facts,
            List<ColumnRow> columns,
            List<Reason> reasons,
            List<QuarantinedRow> examples,
            long quarantined,
            List<String> runs,
            int moreRuns,
            List<Link> models) {
        public Version {
            facts = List.copyOf(facts);
            columns = List.copyOf(columns);
            reasons = List.copyOf(reasons);
            examples = List.copyOf(examples);
            runs = List.copyOf(runs);
            models = List.copyOf(models);
        }
    }

    /** A column, and what is promised of it, in words such as {@code unit: EUR}. */
    public record ColumnRow(String name, String type, List<String> promises, String description) {
        public ColumnRow {
            promises = List.copyOf(promises);
        }
    }

    /** A kind of reason, and the rows that were set aside for it. */
    public record Reason(String reason, long rows) {}

    /** A row that was set aside: where it is, and why it was. */
    public record QuarantinedRow(String file, String path, long line, String reason) {}

    /**
     * An expectation over the versions.
     *
     * @param href the page with this one in detail
     * @param state in the version that is looked at
     * @param found in that version, for a person
     */
    public record ExpectationCard(
            String check,
            String href,
            boolean chosen,
            Badge state,
            String found,
            String severity,
            VersionChart chart) {}

    /** An expectation in each version that it was checked in, newest first. */
    public record ExpectationDetail(String check, String closed, VersionChart chart, List<Finding> findings) {
        public ExpectationDetail {
            findings = List.copyOf(findings);
        }
    }

    /**
     * What was found in a version.
     *
     * @param check as it was written then
     * @param notes what else there is to know: a few offending values, or why nothing was compared
     */
    public record Finding(int version, String href, String found, String check, Badge state, List<String> notes) {
        public Finding {
            notes = List.copyOf(notes);
        }
    }
}
