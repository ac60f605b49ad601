package dev.millwright.pipelines.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import dev.millwright.data.DurableFiles;
import dev.millwright.data.SourceSpec;
import dev.millwright.registry.Artifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the parts of an unfinished output were made from: they go together with further ones only if that is the same.
 *
 * @param version pinned when the first part was begun
 * @param graph SHA-256 of the version's graph
 * @param reading how the files are read
 * @param partRows rows of each part but the last
 */
record ScoringManifest(
        int form,
        String endpoint,
        String model,
        int version,
        String graph,
        List<Input> inputs,
        String reading,
        List<String> keep,
        String prefix,
        int partRows) {
    /** Of the parts themselves: count up when what is in them changes. */
    static final int FORM = 1;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /**
     * A file that is read.
     *
     * @param modified in milliseconds since 1970
     */
    record Input(String path, long size, long modified) {
        static Input of(Path file) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return new Input(
                        file.toString(), found.size(), found.lastModifiedTime().toMillis());
            } catch (IOException unreadable) {
                throw unreadable(file, unreadable);
            }
        }
    }

    ScoringManifest {
        inputs = List.copyOf(inputs);
        keep = List.copyOf(keep);
    }

    static ScoringManifest of(ScoringRequest request, ScoredVersion scored, List<Path> files, int partRows) {
        SourceSpec source = request.source();
        return new ScoringManifest(
                FORM,
                request.endpoint(),
                scored.version().model(),
                scored.version().version(),
                scored.version().servedArtifact().map(Artifact::sha256).orElse(""),
                files.stream().map(Input::of).toList(),
                source.format() + " " + source.missing() + " " + source.encoding() + " " + source.delimiter(),
                request.keep(),
                request.prefix(),
                partRows);
    }

    /** What of {@code now} is not as it was here, as sentences; empty when further parts go together with these. */
    List<String> differences(ScoringManifest now) {
        List<String> differences = new ArrayList<>();
        if (form != now.form) {
            differences.add("they were written by another release of Millwright");
        }
        if (!endpoint.equals(now.endpoint)) {
            differences.add("they are of the endpoint " + endpoint + ", not of " + now.endpoint);
        } else if (version != now.version || !model.equals(now.model) || !graph.equals(now.graph)) {
            differences.add("they are of version " + version + " of " + model + ", and " + now.model + "/" + now.version
                    + " was chosen now (go on with: --version " + version + ")");
        }
        if (!reading.equals(now.reading)) {
            differences.add("the input was read in another way (--format, --missing, --encoding, --delimiter)");
        }
        if (!keep.equals(now.keep) || !prefix.equals(now.prefix)) {
            differences.add("they have other columns (--keep, --prefix)");
        }
        if (partRows != now.partRows) {
            differences.add("they have " + partRows + " rows each, not " + now.partRows + " (--part-rows)");
        }
        inputDifference(now).ifPresent(differences::add);
        return differences;
    }

    private Optional<String> inputDifference(ScoringManifest now) {
        for (Input input : inputs) {
            Optional<Input> found = now.inputs.stream()
                    .filter(other -> other.path().equals(input.path()))
                    .findFirst();
            if (found.isEmpty()) {
                return Optional.of(input.path() + " is no longer among the files");
            }
            if (!found.get().equals(input)) {
                return Optional.of(input.path() + " was changed since");
            }
        }
        return inputs.equals(now.inputs)
                ? Optional.empty()
                : Optional.of("there are files that weren't there: " + now.inputs.size() + " now, " + inputs.size()
                        + " then");
    }

    void write(Path file) {
        DurableFiles.write(file, aside -> {
            try {
                JSON.writerWithDefaultPrettyPrinter().writeValue(aside.toFile(), this);
            } catch (IOException unwritable) {
                throw PartsFolder.failed(file, unwritable);
            }
        });
    }

    /** The manifest of a file; empty when there is none, or it can't be read as one. */
    static Optional<ScoringManifest> find(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), ScoringManifest.class));
        } catch (JsonProcessingException another) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    private static MillwrightException unreadable(Path file, IOException cause) {
        return new MillwrightException(
                CoreError.IO_FAILED,
                file + ": can't be read (expected: a file that this user may read): " + cause.getMessage(),
                cause);
    }
}
