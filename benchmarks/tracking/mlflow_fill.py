"""Fills a database of MLflow's server, whose schema that server has made, with the same runs as fill.py."""

import fill

def translated(statement, boolean):
    """Millwright's statement in the words of MLflow's schema: milliseconds, other names of columns, booleans."""
    head, rest = statement.split(" SELECT ", 1)
    table = head.split(" ")[2]
    if table == "latest_metrics":
        rest = rest.replace(f"{fill.STARTED} + i * 1000000", f"{fill.STARTED // 1000} + i * 1000", 1)
        if boolean:
            # is_nan is the last thing that is selected
            select, source = rest.rsplit(" FROM (", 1)
            value, nan = select.rsplit(", ", 1)
            rest = f"{value}, ({nan}) = 1 FROM ({source}"
        return f"INSERT INTO latest_metrics (run_uuid, key, step, timestamp, value, is_nan) SELECT {rest}"
    if table in ("params", "tags"):
        return f"INSERT INTO {table} (run_uuid, key, value) SELECT {rest}"
    return None


def statements(runs, numbers, hexadecimal, real, text, boolean):
    run = hexadecimal("i")
    experiment = "(CASE WHEN i % 2 = 0 THEN 1001 ELSE 1002 + (i / 2) % 50 END)"
    started = fill.STARTED // 1000
    yield (
        "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)"
        f" SELECT 1000 + i, 'benchmark-' || {text('i')}, 'mlflow-artifacts:/' || {text('1000 + i')}, 'active',"
        f" {started}, {started} FROM {numbers(51)}"
    )
    yield (
        "INSERT INTO runs (run_uuid, experiment_id, name, source_type, source_name, entry_point_name, user_id, status,"
        " start_time, end_time, source_version, lifecycle_stage, artifact_uri)"
        f" SELECT {run}, {experiment}, 'run-' || {text('i')}, 'UNKNOWN', '', '', 'user' || {text('i % 40')},"
        " CASE WHEN i % 500 = 0 THEN 'RUNNING' WHEN i % 20 = 1 THEN 'FAILED' ELSE 'FINISHED' END,"
        f" {started} + i * 1000, {started} + i * 1000 + 60000, '', 'active',"
        f" 'mlflow-artifacts:/' || {text(experiment)} || '/' || {run} || '/artifacts' FROM {numbers(runs)} ORDER BY i"
    )
    for statement in fill.statements(runs, numbers, hexadecimal, real, text):
        same = translated(statement, boolean)
        if same:
            yield same
