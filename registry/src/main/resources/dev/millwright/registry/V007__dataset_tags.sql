-- Names that people give to versions of datasets, versions that were made by rolling back, and versions whose rows are gone.

CREATE TABLE dataset_tags (
    dataset TEXT    NOT NULL,
    tag     TEXT    NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (dataset, tag)
) WITHOUT ROWID;

ALTER TABLE dataset_versions ADD COLUMN restores INTEGER;
ALTER TABLE dataset_versions ADD COLUMN expired BIGINT;
