-- Searches that stay quick among a million runs: values that are no numbers apart from the others, names by experiment, and all
-- that a search asks of each run that it passes in one place.

DROP INDEX latest_metrics_by_value;
CREATE INDEX latest_metrics_by_value ON latest_metrics (key, is_nan, value, run_id);
CREATE INDEX runs_by_name ON runs (experiment_id, name, started, run_id);
CREATE INDEX runs_passed ON runs (run_id, experiment_id, deleted, started);

-- Clients page through the values of a metric by time: so they are kept in that order, and a page begins where the last one ended.
CREATE TABLE metrics_3 (
    run_id    TEXT    NOT NULL REFERENCES runs (run_id),
    key       TEXT    NOT NULL,
    timestamp BIGINT  NOT NULL,
    step      BIGINT  NOT NULL,
    value     DOUBLE PRECISION NOT NULL,
    is_nan    INTEGER NOT NULL,
    PRIMARY KEY (run_id, key, timestamp, step, value, is_nan)
) WITHOUT ROWID;
INSERT INTO metrics_3 SELECT run_id, key, timestamp, step, value, is_nan FROM metrics
    ORDER BY run_id, key, timestamp, step, value, is_nan;
DROP TABLE metrics;
ALTER TABLE metrics_3 RENAME TO metrics;
