-- Who may do what. Passwords are Argon2id hashes; of tokens only the SHA-256 of the secret is kept.

CREATE TABLE users (
    name          TEXT   NOT NULL PRIMARY KEY,
    role          TEXT   NOT NULL,
    password_hash TEXT,
    issuer        TEXT,
    subject       TEXT,
    created       BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_by_identity ON users (issuer, subject) WHERE issuer IS NOT NULL;

CREATE TABLE access_tokens (
    token_id  TEXT   NOT NULL PRIMARY KEY,
    user_name TEXT   NOT NULL REFERENCES users (name),
    kind      TEXT   NOT NULL,
    label     TEXT   NOT NULL,
    scope     TEXT   NOT NULL,
    hash      TEXT   NOT NULL UNIQUE,
    created   BIGINT NOT NULL,
    expires   BIGINT NOT NULL
);
CREATE INDEX access_tokens_by_user ON access_tokens (user_name, created);
