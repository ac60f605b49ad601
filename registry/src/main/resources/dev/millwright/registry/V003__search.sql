-- Searches that stay quick among a million runs: values that are no numbers apart from the others, names by experiment, and all
-- that a search asks of each run that it passes in one place.

DROP INDEX latest_metrics_by_value;
CREATE INDEX latest_metrics_by_value ON latest_metrics (key, is_nan, value, run_id);
CREATE INDEX runs_by_name ON runs (experiment_id, name, started, run_id);
CREATE INDEX runs_passed ON runs (run_id, experiment_id, deleted, started);
