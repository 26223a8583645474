-- Links that the learner made. Times are milliseconds since 1970, UTC. body is what was sealed, so that a link can be sent anew or
-- extended after its badges left the wallet; it goes when the link ends. seq is what the host confirmed, sent what it was last sent.
CREATE TABLE shares (
  id         TEXT PRIMARY KEY,
  host       TEXT NOT NULL,
  link_key   BLOB NOT NULL,
  manage_key BLOB NOT NULL,
  passcode   TEXT,
  label      TEXT NOT NULL,
  title      TEXT NOT NULL,
  words      TEXT NOT NULL,
  witness    INTEGER NOT NULL,
  for_now    INTEGER NOT NULL,
  badges     TEXT NOT NULL,
  body       BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  ends_at    INTEGER,
  seq        INTEGER NOT NULL,
  sent       INTEGER NOT NULL,
  state      TEXT NOT NULL,
  locked     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
