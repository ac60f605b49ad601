"""Events of many entities over ninety days, in the order of time: events.py ROWS ENTITIES FILE"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DAY = 86_400_000_000
START = 1_735_689_600_000_000  # 2025-01-01
PART = 1_000_000


def write(rows, entities, file):
    random = np.random.default_rng(7)
    schema = pa.schema([("_row_id", pa.int64()), ("entity", pa.int64()), ("ts", pa.timestamp("us")), ("amount", pa.float64())])
    with pq.ParquetWriter(file, schema) as writer:
        for first in range(0, rows, PART):
            size = min(PART, rows - first)
            days = 90 * np.array([first, first + size]) / rows
            times = START + np.sort(random.integers(int(days[0] * DAY), int(days[1] * DAY), size))
            columns = [
                np.arange(first, first + size),
                random.integers(0, entities, size),
                times,
                np.round(np.exp(random.normal(3, 1, size)), 2),
            ]
            writer.write_table(pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema))


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
