-- Searches that stay quick among a million runs: values that are no numbers apart from the others, names by experiment.

DROP INDEX latest_metrics_by_value;
CREATE INDEX latest_metrics_by_value ON latest_metrics (key, is_nan, value, run_id);
CREATE INDEX runs_by_name ON runs (experiment_id, name, started, run_id);
