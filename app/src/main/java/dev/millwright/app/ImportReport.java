package dev.millwright.app;

import java.util.ArrayList;
import java.util.List;

/** What an import brought over, and what it could not. For one thread. */
final class ImportReport {
    private final String source;
    private final List<Left> left = new ArrayList<>();
    private final List<Mapped> mapped = new ArrayList<>();
    private long experiments;
    private long runs;
    private long runsFromBefore;
    private long metricValues;
    private long files;
    private long bytes;
    private long loggedModels;
    private long registeredModels;
    private long versions;
    private long aliases;

    ImportReport(String source) {
        this.source = source;
    }

    /**
     * Something that was not brought over.
     *
     * @param what it is: {@code artifacts}, {@code traces}, {@code metric}, …
     * @param of the thing that it belongs to
     */
    record Left(String what, String of, String why) {}

    /** An experiment whose runs were put into one that was here already. */
    record Mapped(String experiment, String from, String to) {}

    /** The report as a document. */
    record Document(
            String source,
            long experiments,
            long runs,
            long runsFromBefore,
            long metricValues,
            long files,
            long bytes,
            long loggedModels,
            long registeredModels,
            long versions,
            long aliases,
            List<Mapped> mappedExperiments,
            List<Left> notBrought) {}

    void experiment() {
        experiments++;
    }

    void mapped(String experiment, String from, String to) {
        mapped.add(new Mapped(experiment, from, to));
    }

    void run() {
        runs++;
    }

    /** A run that an earlier import had brought over in full. */
    void runFromBefore() {
        runsFromBefore++;
    }

    void metricValues(long count) {
        metricValues += count;
    }

    void file(long size) {
        files++;
        bytes += size;
    }

    void loggedModel() {
        loggedModels++;
    }

    void registeredModel() {
        registeredModels++;
    }

    void version() {
        versions++;
    }

    void alias() {
        aliases++;
    }

    void left(String what, String of, String why) {
        left.add(new Left(what, of, why));
    }

    void left(List<Left> more) {
        left.addAll(more);
    }

    long runs() {
        return runs;
    }

    Document document() {
        return new Document(
                source,
                experiments,
                runs,
                runsFromBefore,
                metricValues,
                files,
                bytes,
                loggedModels,
                registeredModels,
                versions,
                aliases,
                List.copyOf(mapped),
                List.copyOf(left));
    }
}
