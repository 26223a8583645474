-- Frozen for ever: an older app reads min_reader here before anything else.
CREATE TABLE meta (
  only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),
  min_reader INTEGER NOT NULL
) STRICT;
INSERT INTO meta (only_row, min_reader) VALUES (1, 1);

-- What lists, search and duplicates need. All of it can be made again from originals. Times are milliseconds since 1970, UTC.
CREATE TABLE credentials (
  key         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  content_id  TEXT NOT NULL UNIQUE,
  equality    TEXT,
  issuer_id   TEXT NOT NULL,
  name        TEXT NOT NULL,
  name_sort   TEXT NOT NULL,
  issuer      TEXT NOT NULL,
  issuer_sort TEXT NOT NULL,
  language    TEXT,
  description TEXT NOT NULL,
  skills      TEXT NOT NULL,
  issued_at   INTEGER,
  expires_at  INTEGER,
  mine        TEXT,
  judgement   TEXT NOT NULL,
  retry       INTEGER NOT NULL,
  added_at    INTEGER NOT NULL,
  removed_at  INTEGER
) STRICT;
CREATE INDEX credentials_newest ON credentials (COALESCE(issued_at, added_at) DESC, key DESC) WHERE removed_at IS NULL;
CREATE INDEX credentials_name ON credentials (name_sort, key) WHERE removed_at IS NULL;
CREATE INDEX credentials_issuer ON credentials (issuer_sort, name_sort, key) WHERE removed_at IS NULL;
CREATE INDEX credentials_equality ON credentials (equality) WHERE equality IS NOT NULL;
CREATE INDEX credentials_issuer_id ON credentials (issuer_id);
CREATE INDEX credentials_retry ON credentials (key) WHERE retry = 1;
CREATE INDEX credentials_removed ON credentials (removed_at) WHERE removed_at IS NOT NULL;

-- The signed bytes and the file they came in, unchanged. file is NULL where it is the bytes themselves.
CREATE TABLE originals (
  credential INTEGER PRIMARY KEY REFERENCES credentials (key) ON DELETE CASCADE,
  container  TEXT NOT NULL,
  source_url TEXT,
  file_name  TEXT NOT NULL,
  file_type  TEXT,
  bytes      BLOB NOT NULL,
  file       BLOB
) STRICT;

CREATE VIRTUAL TABLE search USING fts5 (
  name, issuer, description, skills,
  content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);

-- Everything fetched: address, time and hash. body and final_url stay from the last good answer.
CREATE TABLE documents (
  key        INTEGER PRIMARY KEY,
  purpose    TEXT NOT NULL,
  url        TEXT NOT NULL,
  answer     TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  final_url  TEXT,
  sha256     TEXT,
  body       BLOB,
  body_at    INTEGER,
  UNIQUE (purpose, url)
) STRICT;
CREATE TABLE credential_documents (
  credential INTEGER NOT NULL REFERENCES credentials (key) ON DELETE CASCADE,
  document   INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
  PRIMARY KEY (credential, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX credential_documents_document ON credential_documents (document);

-- state: none (nothing to show), wanted (an address, not fetched yet), here, refused.
CREATE TABLE pictures (
  credential INTEGER PRIMARY KEY REFERENCES credentials (key) ON DELETE CASCADE,
  state      TEXT NOT NULL,
  url        TEXT,
  thumbnail  BLOB,
  large      BLOB
) STRICT;
CREATE INDEX pictures_wanted ON pictures (credential) WHERE state = 'wanted';

CREATE TABLE identities (
  address  TEXT PRIMARY KEY,
  added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE issuers (
  id       TEXT PRIMARY KEY,
  name     TEXT,
  added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE history (
  key    INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  action TEXT NOT NULL,
  badge  TEXT,
  name   TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
