SELECT entity, ts,
       COUNT(*)    OVER past_day   AS n_1d,  SUM(amount) OVER past_day   AS sum_1d,
       AVG(amount) OVER past_day   AS avg_1d,  MAX(amount) OVER past_day   AS max_1d,
       COUNT(*)    OVER past_week  AS n_7d,  SUM(amount) OVER past_week  AS sum_7d,
       AVG(amount) OVER past_week  AS avg_7d,  MAX(amount) OVER past_week  AS max_7d,
       COUNT(*)    OVER past_month AS n_30d, SUM(amount) OVER past_month AS sum_30d,
       AVG(amount) OVER past_month AS avg_30d, MAX(amount) OVER past_month AS max_30d
FROM events
WINDOW past_day   AS (PARTITION BY entity ORDER BY ts RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND INTERVAL '0.000001' SECOND PRECEDING),
       past_week  AS (PARTITION BY entity ORDER BY ts RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND INTERVAL '0.000001' SECOND PRECEDING),
       past_month AS (PARTITION BY entity ORDER BY ts RANGE BETWEEN INTERVAL '30' DAY PRECEDING AND INTERVAL '0.000001' SECOND PRECEDING)
