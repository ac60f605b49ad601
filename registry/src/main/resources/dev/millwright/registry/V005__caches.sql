-- How endpoints keep answers, as whoever serves them wrote it. An endpoint without a row keeps none.

CREATE TABLE endpoint_caches (
    endpoint TEXT NOT NULL PRIMARY KEY REFERENCES endpoints (name),
    plan     TEXT NOT NULL
);
