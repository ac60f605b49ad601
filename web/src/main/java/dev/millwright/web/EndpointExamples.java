package dev.millwright.web;

import dev.millwright.registry.Endpoint;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Served;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** Rows to try endpoints with; those of the versions that were asked for last are kept. Thread-safe. */
final class EndpointExamples {
    private static final int KEPT = 64;

    private final Site site;
    private final SequencedMap<String, EndpointExample> examples = new LinkedHashMap<>(16, 0.75f, true);

    EndpointExamples(Site site) {
        this.site = site;
    }

    /** The version that answers most requests, if one is deployed and answers. */
    Optional<ModelVersion> champion(Endpoint endpoint) {
        return endpoint.rollout().versions().stream()
                .filter(served -> served.role() == Served.Role.LIVE)
                .max(Comparator.comparingDouble(Served::percent))
                .flatMap(served -> site.registry().models().find(endpoint.model(), served.version()));
    }

    EndpointExample of(ModelVersion version) {
        synchronized (examples) {
            EndpointExample known = examples.get(version.id());
            if (known != null) {
                return known;
            }
        }
        EndpointExample made = EndpointExample.of(site, version);
        synchronized (examples) {
            examples.put(version.id(), made);
            if (examples.size() > KEPT) {
                examples.pollFirstEntry();
            }
        }
        return made;
    }
}
