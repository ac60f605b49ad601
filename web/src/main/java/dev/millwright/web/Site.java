package dev.millwright.web;

import dev.millwright.registry.Registry;
import dev.millwright.web.page.Moment;
import dev.millwright.web.page.PageHead;
import dev.millwright.web.page.Section;
import java.time.Instant;

/** What all pages are made from. */
record Site(Services services, Templates templates, TrafficMeter traffic) {
    Registry registry() {
        return services.registry();
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
