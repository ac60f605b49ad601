package dev.millwright.app;

import dev.millwright.pipelines.StepOutputs.Deployed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A version that a command registered, and what became of it.
 *
 * @param id {@code MODEL/VERSION}
 * @param deployed empty when it wasn't to be rolled out at once
 */
record NewVersion(String id, Optional<Deployed> deployed) {
    /** As a person reads it: how it is served, or how it can be. */
    String text() {
        return deployed.map(where -> where.endpoint() + ": version " + where.version() + " is " + where.status() + " ("
                        + where.reason() + ")")
                .orElse("Serve it with: millwright deploy " + id);
    }

    /**
     * As a program reads it.
     *
     * @param key of what was registered
     */
    String json(String key, Object registered) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put(key, registered);
        deployed.ifPresent(where -> shown.put("deployed", where));
        return Json.pretty(shown);
    }
}
