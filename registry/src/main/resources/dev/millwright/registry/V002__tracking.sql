-- What clients of the tracking protocol keep: deleted things that can be restored, tags, data sets that runs read, logged
-- models, and model versions that no pipeline made. What is deleted has a time; what is not has none.

ALTER TABLE experiments ADD COLUMN artifact_location TEXT NOT NULL DEFAULT '';
ALTER TABLE experiments ADD COLUMN updated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE experiments ADD COLUMN deleted BIGINT;
UPDATE experiments SET artifact_location = 'mlflow-artifacts:/' || experiment_id, updated = created;
INSERT INTO experiments (experiment_id, name, created, artifact_location, updated)
    SELECT 0, 'Default', 0, 'mlflow-artifacts:/0', 0
    WHERE NOT EXISTS (SELECT 1 FROM experiments WHERE name = 'Default' OR experiment_id = 0);

CREATE TABLE experiment_tags (
    experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id),
    key           TEXT    NOT NULL,
    value         TEXT    NOT NULL,
    PRIMARY KEY (experiment_id, key)
) WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN user_id TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN artifact_uri TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN deleted BIGINT;
UPDATE runs SET artifact_uri = 'mlflow-artifacts:/' || experiment_id || '/' || run_id || '/artifacts';

CREATE INDEX latest_metrics_by_value ON latest_metrics (key, value, run_id);
-- Only SQLite: PostgreSQL refuses keys of more than 2,700 bytes, so there the first characters of a value have to do
CREATE INDEX params_by_value ON params (key, value, run_id);
-- Only SQLite
CREATE INDEX tags_by_value ON tags (key, value, run_id);
-- Only PostgreSQL
CREATE INDEX params_by_value ON params (key, left(value, 200), run_id);
-- Only PostgreSQL
CREATE INDEX tags_by_value ON tags (key, left(value, 200), run_id);

CREATE TABLE logged_datasets (
    dataset_id    INTEGER PRIMARY KEY,
    experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id),
    name          TEXT    NOT NULL,
    digest        TEXT    NOT NULL,
    source_type   TEXT    NOT NULL,
    source        TEXT    NOT NULL,
    schema        TEXT,
    profile       TEXT,
    UNIQUE (experiment_id, name, digest)
);

CREATE TABLE run_inputs (
    run_id     TEXT    NOT NULL REFERENCES runs (run_id),
    dataset_id INTEGER NOT NULL REFERENCES logged_datasets (dataset_id),
    PRIMARY KEY (run_id, dataset_id)
) WITHOUT ROWID;
CREATE INDEX run_inputs_by_dataset ON run_inputs (dataset_id, run_id);

CREATE TABLE run_input_tags (
    run_id     TEXT    NOT NULL REFERENCES runs (run_id),
    dataset_id INTEGER NOT NULL REFERENCES logged_datasets (dataset_id),
    key        TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    PRIMARY KEY (run_id, dataset_id, key)
) WITHOUT ROWID;

CREATE TABLE logged_models (
    model_id       TEXT    NOT NULL PRIMARY KEY,
    experiment_id  INTEGER NOT NULL REFERENCES experiments (experiment_id),
    name           TEXT    NOT NULL,
    model_type     TEXT    NOT NULL,
    source_run_id  TEXT REFERENCES runs (run_id),
    artifact_uri   TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    status_message TEXT    NOT NULL,
    created        BIGINT  NOT NULL,
    updated        BIGINT  NOT NULL,
    deleted        BIGINT
);
CREATE INDEX logged_models_by_experiment ON logged_models (experiment_id, created, model_id);
CREATE INDEX logged_models_by_run ON logged_models (source_run_id) WHERE source_run_id IS NOT NULL;

CREATE TABLE logged_model_params (
    model_id TEXT NOT NULL REFERENCES logged_models (model_id),
    key      TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (model_id, key)
) WITHOUT ROWID;

CREATE TABLE logged_model_tags (
    model_id TEXT NOT NULL REFERENCES logged_models (model_id),
    key      TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (model_id, key)
) WITHOUT ROWID;

-- A metric of a model that a run measured, on a data set if it was named ('' if not).
CREATE TABLE logged_model_metrics (
    model_id       TEXT   NOT NULL REFERENCES logged_models (model_id),
    key            TEXT   NOT NULL,
    dataset_name   TEXT   NOT NULL,
    dataset_digest TEXT   NOT NULL,
    step           BIGINT NOT NULL,
    timestamp      BIGINT NOT NULL,
    value          DOUBLE PRECISION NOT NULL,
    is_nan         INTEGER NOT NULL,
    run_id         TEXT   NOT NULL REFERENCES runs (run_id),
    PRIMARY KEY (model_id, key, dataset_name, dataset_digest, step, timestamp, value, is_nan, run_id)
) WITHOUT ROWID;

-- Models that a run took in or made.
CREATE TABLE run_models (
    run_id   TEXT   NOT NULL REFERENCES runs (run_id),
    model_id TEXT   NOT NULL REFERENCES logged_models (model_id),
    role     TEXT   NOT NULL,
    step     BIGINT NOT NULL,
    PRIMARY KEY (run_id, model_id, role)
) WITHOUT ROWID;

-- Files of the server's artifact root, by their path in it; the bytes lie under their hash.
CREATE TABLE artifact_files (
    path     TEXT   NOT NULL PRIMARY KEY,
    sha256   TEXT   NOT NULL,
    size     BIGINT NOT NULL,
    modified BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX artifact_files_by_hash ON artifact_files (sha256);

ALTER TABLE registered_models ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE registered_models ADD COLUMN updated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registered_models ADD COLUMN deleted BIGINT;
UPDATE registered_models SET updated = created;

CREATE TABLE registered_model_tags (
    model TEXT NOT NULL REFERENCES registered_models (name),
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (model, key)
) WITHOUT ROWID;

-- A version that a client registered need not come from a run, and its signature is known only once its files were looked at.
CREATE TABLE model_versions_2 (
    model           TEXT    NOT NULL REFERENCES registered_models (name),
    version         INTEGER NOT NULL,
    major           INTEGER NOT NULL,
    minor           INTEGER NOT NULL,
    patch           INTEGER NOT NULL,
    run_id          TEXT REFERENCES runs (run_id),
    signature       TEXT,
    status          TEXT    NOT NULL,
    created         BIGINT  NOT NULL,
    updated         BIGINT  NOT NULL,
    source          TEXT    NOT NULL,
    run_link        TEXT    NOT NULL,
    description     TEXT    NOT NULL,
    stage           TEXT    NOT NULL,
    user_id         TEXT    NOT NULL,
    logged_model_id TEXT REFERENCES logged_models (model_id),
    PRIMARY KEY (model, version)
);
INSERT INTO model_versions_2
    SELECT model, version, major, minor, patch, run_id, signature, status, created, created,
           'mlflow-artifacts:/models/' || model || '/' || version, '', '', 'None', '', NULL
    FROM model_versions;
DROP TABLE model_versions;
ALTER TABLE model_versions_2 RENAME TO model_versions;
CREATE INDEX model_versions_by_run ON model_versions (run_id);
CREATE INDEX model_versions_by_logged_model ON model_versions (logged_model_id) WHERE logged_model_id IS NOT NULL;
-- Only SQLite
CREATE INDEX model_version_tags_by_value ON model_version_tags (key, value, model, version);
-- Only PostgreSQL
CREATE INDEX model_version_tags_by_value ON model_version_tags (key, left(value, 200), model, version);
