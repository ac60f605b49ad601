package dev.millwright.serving.rows;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.serving.RequestRows;
import dev.millwright.serving.Route;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.protocol.FeatureTensors;
import java.nio.charset.Charset;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, read for each version by what that takes: a version with other columns than the one that it may replace
 * finds its own among those that were sent. Thread-safe.
 */
public final class SentRows implements RequestRows {
    private final Reader reader;
    private final List<ModelSignature> signatures;

    /** Most often all versions take the same. */
    private volatile @Nullable Read last;

    /** Reads the body for one version. */
    @FunctionalInterface
    private interface Reader {
        Frame read(RequestColumns columns);
    }

    private record Read(ModelSignature signature, Keyed rows) {}

    private SentRows(Route route, Reader reader) {
        this.reader = reader;
        this.signatures = Stream.concat(route.versions().stream(), route.shadow().stream())
                .flatMap(version -> version.source().features().stream())
                .map(FeatureTensors::signature)
                .toList();
    }

    /** Rows as MLflow's clients send them; what is wrong with the body is said when a version is about to answer. */
    public static SentRows json(byte[] body, Route route) {
        return new SentRows(route, columns -> ScoringJson.read(body, columns));
    }

    /** The same as CSV. */
    public static SentRows csv(byte[] body, Charset charset, Route route) {
        return new SentRows(route, columns -> RowsCsv.read(body, charset, columns));
    }

    @Override
    public Keyed forVersion(WeightedVersion version) {
        ModelSignature signature = version.signature();
        Read known = last;
        if (known != null && known.signature().equals(signature)) {
            return known.rows();
        }
        Keyed rows = new Keyed(reader.read(RequestColumns.of(signature, signatures)), List.of());
        last = new Read(signature, rows);
        return rows;
    }
}
