-- The state of a home. Times are microseconds since 1970-01-01T00:00:00Z, UTC. JSON is kept as text.
-- Written for SQLite; what PostgreSQL says otherwise (types, keys that count by themselves, no WITHOUT ROWID, which is SQLite's
-- clustered index) is translated. A statement with a comment that says so is for one of them only.

CREATE TABLE events (
    sequence      INTEGER PRIMARY KEY,
    time          BIGINT NOT NULL,
    type          TEXT   NOT NULL,
    subject       TEXT   NOT NULL,
    data          TEXT   NOT NULL,
    previous_hash TEXT   NOT NULL,
    hash          TEXT   NOT NULL
);
CREATE INDEX events_by_subject ON events (subject, sequence);
CREATE INDEX events_by_type ON events (type, sequence);

CREATE TABLE experiments (
    experiment_id INTEGER PRIMARY KEY,
    name          TEXT   NOT NULL UNIQUE,
    created       BIGINT NOT NULL
);

CREATE TABLE runs (
    run_id        TEXT    NOT NULL PRIMARY KEY,
    experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id),
    name          TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    pipeline      TEXT,
    parent_id     TEXT REFERENCES runs (run_id),
    started       BIGINT  NOT NULL,
    ended         BIGINT,
    error         TEXT
);
CREATE INDEX runs_by_start ON runs (started, run_id);
CREATE INDEX runs_by_experiment ON runs (experiment_id, started, run_id);
CREATE INDEX runs_by_pipeline ON runs (pipeline, started, run_id) WHERE pipeline IS NOT NULL;
CREATE INDEX runs_by_status ON runs (status, started, run_id);
CREATE INDEX runs_by_parent ON runs (parent_id, started, run_id) WHERE parent_id IS NOT NULL;

CREATE TABLE params (
    run_id TEXT NOT NULL REFERENCES runs (run_id),
    key    TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (run_id, key)
) WITHOUT ROWID;

CREATE TABLE tags (
    run_id TEXT NOT NULL REFERENCES runs (run_id),
    key    TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (run_id, key)
) WITHOUT ROWID;

-- SQLite stores NaN as NULL, so NaN is a flag beside a 0.
CREATE TABLE metrics (
    run_id    TEXT    NOT NULL REFERENCES runs (run_id),
    key       TEXT    NOT NULL,
    step      BIGINT  NOT NULL,
    timestamp BIGINT  NOT NULL,
    value     DOUBLE PRECISION NOT NULL,
    is_nan    INTEGER NOT NULL,
    PRIMARY KEY (run_id, key, step, timestamp, value, is_nan)
) WITHOUT ROWID;

CREATE TABLE latest_metrics (
    run_id    TEXT    NOT NULL REFERENCES runs (run_id),
    key       TEXT    NOT NULL,
    step      BIGINT  NOT NULL,
    timestamp BIGINT  NOT NULL,
    value     DOUBLE PRECISION NOT NULL,
    is_nan    INTEGER NOT NULL,
    PRIMARY KEY (run_id, key)
) WITHOUT ROWID;

CREATE TABLE run_artifacts (
    run_id     TEXT   NOT NULL REFERENCES runs (run_id),
    path       TEXT   NOT NULL,
    sha256     TEXT   NOT NULL,
    size       BIGINT NOT NULL,
    media_type TEXT   NOT NULL,
    PRIMARY KEY (run_id, path)
) WITHOUT ROWID;

CREATE TABLE dataset_versions (
    dataset     TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    snapshot    BIGINT  NOT NULL,
    fingerprint TEXT    NOT NULL,
    schema      TEXT    NOT NULL,
    rows_read   BIGINT  NOT NULL,
    row_count   BIGINT  NOT NULL,
    quarantined BIGINT  NOT NULL,
    recorded    BIGINT  NOT NULL,
    PRIMARY KEY (dataset, version),
    UNIQUE (dataset, snapshot)
);

CREATE TABLE run_datasets (
    run_id  TEXT    NOT NULL REFERENCES runs (run_id),
    dataset TEXT    NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (run_id, dataset, version)
) WITHOUT ROWID;

CREATE TABLE registered_models (
    name    TEXT   NOT NULL PRIMARY KEY,
    created BIGINT NOT NULL
);

CREATE TABLE model_versions (
    model     TEXT    NOT NULL REFERENCES registered_models (name),
    version   INTEGER NOT NULL,
    major     INTEGER NOT NULL,
    minor     INTEGER NOT NULL,
    patch     INTEGER NOT NULL,
    run_id    TEXT    NOT NULL REFERENCES runs (run_id),
    signature TEXT    NOT NULL,
    status    TEXT    NOT NULL,
    created   BIGINT  NOT NULL,
    PRIMARY KEY (model, version)
);
CREATE INDEX model_versions_by_run ON model_versions (run_id);

CREATE TABLE model_version_artifacts (
    model   TEXT    NOT NULL,
    version INTEGER NOT NULL,
    name    TEXT    NOT NULL,
    sha256  TEXT    NOT NULL,
    size    BIGINT  NOT NULL,
    PRIMARY KEY (model, version, name)
) WITHOUT ROWID;

CREATE TABLE model_version_tags (
    model   TEXT    NOT NULL,
    version INTEGER NOT NULL,
    key     TEXT    NOT NULL,
    value   TEXT    NOT NULL,
    PRIMARY KEY (model, version, key)
) WITHOUT ROWID;

CREATE TABLE model_aliases (
    model   TEXT    NOT NULL REFERENCES registered_models (name),
    alias   TEXT    NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (model, alias)
) WITHOUT ROWID;

CREATE TABLE lineage_edges (
    from_kind TEXT NOT NULL,
    from_id   TEXT NOT NULL,
    to_kind   TEXT NOT NULL,
    to_id     TEXT NOT NULL,
    payload   TEXT NOT NULL,
    PRIMARY KEY (to_kind, to_id, from_kind, from_id)
) WITHOUT ROWID;
CREATE INDEX lineage_edges_forward ON lineage_edges (from_kind, from_id);

CREATE TABLE pipeline_runs (
    run_id    TEXT NOT NULL PRIMARY KEY REFERENCES runs (run_id),
    file_text TEXT NOT NULL,
    settings  TEXT NOT NULL
);

CREATE TABLE steps (
    run_id      TEXT    NOT NULL REFERENCES runs (run_id),
    name        TEXT    NOT NULL,
    ordinal     INTEGER NOT NULL,
    step_key    TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    attempt     INTEGER NOT NULL,
    outputs     TEXT,
    reused_from TEXT,
    error       TEXT,
    started     BIGINT  NOT NULL,
    ended       BIGINT,
    PRIMARY KEY (run_id, name)
);
CREATE INDEX steps_by_key ON steps (step_key, status, ended);
CREATE INDEX steps_by_status ON steps (status);

CREATE TABLE endpoints (
    name     TEXT    NOT NULL PRIMARY KEY,
    model    TEXT    NOT NULL REFERENCES registered_models (name),
    created  BIGINT  NOT NULL,
    revision BIGINT  NOT NULL,
    status   TEXT    NOT NULL,
    stage    INTEGER NOT NULL,
    since    BIGINT  NOT NULL,
    plan     TEXT    NOT NULL,
    reason   TEXT    NOT NULL
);

CREATE TABLE endpoint_routes (
    endpoint TEXT    NOT NULL REFERENCES endpoints (name),
    model    TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    role     TEXT    NOT NULL,
    percent  DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (endpoint, version)
) WITHOUT ROWID;
CREATE INDEX endpoint_routes_by_version ON endpoint_routes (model, version);

CREATE TABLE alerts (
    alert_id     INTEGER PRIMARY KEY,
    endpoint     TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    about        TEXT   NOT NULL,
    message      TEXT   NOT NULL,
    data         TEXT   NOT NULL,
    opened       BIGINT NOT NULL,
    closed       BIGINT,
    close_reason TEXT
);
CREATE UNIQUE INDEX alerts_open ON alerts (endpoint, kind, about) WHERE closed IS NULL;
CREATE INDEX alerts_by_endpoint ON alerts (endpoint, alert_id);
