package dev.millwright.pipelines;

import dev.millwright.registry.Run;
import java.util.Map;

/** How a program that a run starts reaches the tracking server of its home. Thread-safe. */
@FunctionalInterface
public interface TrackingAccess {
    /** The variable in which MLflow's clients look for the server. */
    String URI = "MLFLOW_TRACKING_URI";

    /** The variable with what lets them in, where the server asks for a login. */
    String TOKEN = "MLFLOW_TRACKING_TOKEN";

    /**
     * The variables by which MLflow's clients find the server and, where it asks who they are, are let in.
     *
     * @param run that the program logs to
     */
    Map<String, String> variables(Run run);
}
