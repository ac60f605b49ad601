package dev.millwright.web;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Registry;
import dev.millwright.web.page.Moment;
import dev.millwright.web.page.PageHead;
import dev.millwright.web.page.Section;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;

/** What all pages are made from. */
record Site(Services services, Templates templates, TrafficMeter traffic) {
    static final String STALE = "This page is older than the server. Load it again, then try once more.";

    private static final String FORM_TOKEN = "form_token";

    Registry registry() {
        return services.registry();
    }

    /** Whether the form that was sent is one of this process, and so not of another page. */
    boolean isOurs(Call call) {
        return MessageDigest.isEqual(
                call.form().get(FORM_TOKEN, "").getBytes(StandardCharsets.UTF_8),
                templates.formToken().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Goes on if it is.
     *
     * @throws MillwrightException {@link WebError#STALE_FORM} if not
     */
    void requireOurs(Call call) {
        if (!isOurs(call)) {
            throw new MillwrightException(WebError.STALE_FORM, STALE);
        }
    }

    PageHead head(String title, Section section) {
        return templates.head(title, section);
    }

    Moment moment(Instant instant) {
        return new Moment(instant, services.clock().instant());
    }

    /** How a version is called: its semantic version, or its number where it is not known any more. */
    String versionName(String model, int version) {
        return registry()
                .models()
                .find(model, version)
                .map(found -> found.semanticVersion().toString())
                .orElse("v" + version);
    }
}
