package dev.millwright.web;

/** What routes are about: how the OpenAPI document sorts them, and whose errors they speak. */
enum Topic {
    INFERENCE("Inference", "Feature rows in, predictions out: the Open Inference Protocol v2."),
    ENDPOINTS("Endpoints", "What serves under a name: events, labels, schemas, rollouts."),
    SCORING("Scoring", "Predictions as MLflow's scoring servers give them."),
    RUNS("Runs", "Pipelines that run and ran."),
    DATASETS("Datasets", "Versions of what was read from sources."),
    MODELS("Models", "Registered models and their versions."),
    RECORD("Record", "Everything that changed what is registered or what serves."),
    ACCESS("Access", "Users and tokens."),
    SERVER("Server", "Health, metrics, and what the server says about itself."),
    MLFLOW("MLflow", "Tracking and registry as MLflow's clients speak it; its own documentation names the fields."),
    PAGES("Pages", "What people see in a browser.");

    private final String label;
    private final String meaning;

    Topic(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    String label() {
        return label;
    }

    String meaning() {
        return meaning;
    }

    /** Whether errors have MLflow's {@code error_code} and {@code message}. */
    boolean speaksMlflow() {
        return this == SCORING || this == MLFLOW;
    }
}
