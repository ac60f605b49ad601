-- A run may read a dataset under a name of its own, and two versions of one dataset under two names.

CREATE TABLE run_datasets_6 (
    run_id     TEXT    NOT NULL REFERENCES runs (run_id),
    table_name TEXT    NOT NULL,
    dataset    TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    PRIMARY KEY (run_id, table_name)
) WITHOUT ROWID;
INSERT INTO run_datasets_6 SELECT run_id, dataset, dataset, MAX(version) FROM run_datasets GROUP BY run_id, dataset;
DROP TABLE run_datasets;
ALTER TABLE run_datasets_6 RENAME TO run_datasets;
CREATE INDEX run_datasets_by_version ON run_datasets (dataset, version);
