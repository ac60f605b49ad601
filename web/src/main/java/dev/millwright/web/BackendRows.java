package dev.millwright.web;

import dev.millwright.registry.Endpoint;
import dev.millwright.registry.Served;
import dev.millwright.serving.BackendStatus;
import dev.millwright.web.page.Badge;
import dev.millwright.web.page.EndpointPage;
import dev.millwright.web.page.Tone;
import java.util.ArrayList;
import java.util.List;

/** The servers that answer for an endpoint in place of this one, as its page shows them. */
final class BackendRows {
    private static final double MILLIS = 1e6;

    private final Site site;

    BackendRows(Site site) {
        this.site = site;
    }

    List<EndpointPage.Backend> of(Endpoint endpoint) {
        List<EndpointPage.Backend> rows = new ArrayList<>();
        for (Served served : endpoint.rollout().versions()) {
            for (BackendStatus status : site.services().router().backends(endpoint.name(), served.version())) {
                rows.add(row(site.versionName(endpoint.model(), served.version()), status));
            }
        }
        return rows;
    }

    private static EndpointPage.Backend row(String version, BackendStatus status) {
        long judged = status.answered() + status.failed();
        return new EndpointPage.Backend(
                version,
                status.url(),
                new Badge(status.state().label(), tone(status.state())),
                status.outstanding(),
                status.ended(),
                judged == 0 ? Double.NaN : (double) status.failed() / judged,
                status.ended() == 0 ? Double.NaN : status.nanos() / MILLIS / status.ended());
    }

    private static Tone tone(BackendStatus.State state) {
        return switch (state) {
            case READY -> Tone.GOOD;
            case ON_TRIAL -> Tone.BUSY;
            case EJECTED -> Tone.BAD;
            case NOT_READY -> Tone.WARN;
        };
    }
}
