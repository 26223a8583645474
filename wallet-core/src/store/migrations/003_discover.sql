-- Ontdek. Times are milliseconds since 1970, UTC. All of it but plans, ticks, claims and the choice of cities can be read again.

-- id is the origin that the learner chose; city is what the server said of itself. swept_at: when all of it was last read.
CREATE TABLE cities (
  id           TEXT PRIMARY KEY,
  position     INTEGER NOT NULL,
  city         TEXT NOT NULL,
  added_at     INTEGER NOT NULL,
  refreshed_at INTEGER,
  swept_at     INTEGER,
  problem      TEXT,
  signed_in    TEXT
) STRICT, WITHOUT ROWID;

-- One row for each city that tells of an activity; id is <native>@<host>. home is the origin where it lives, as the city says. ends_at
-- is when it is over, NULL for never. picture is the one of its card, card a hash
-- of what was told last. shown is 0 for what another row, of its home, stands for. sweep is the round that last saw it.
CREATE TABLE activities (
  key       INTEGER PRIMARY KEY,
  id        TEXT NOT NULL UNIQUE,
  city      TEXT NOT NULL,
  platform  TEXT NOT NULL,
  native    TEXT NOT NULL,
  home      TEXT NOT NULL,
  kind      TEXT NOT NULL,
  starts_at INTEGER,
  ends_at   INTEGER,
  online    INTEGER NOT NULL,
  lat       REAL,
  lng       REAL,
  category  TEXT,
  picture   TEXT,
  card      BLOB NOT NULL,
  seen_at   INTEGER NOT NULL,
  whole_at  INTEGER,
  sweep     INTEGER NOT NULL,
  shown     INTEGER NOT NULL
) STRICT;
CREATE INDEX activities_dated ON activities (starts_at, key) WHERE shown = 1 AND starts_at IS NOT NULL;
CREATE INDEX activities_list ON activities (ends_at, starts_at, kind, online, category, city) WHERE shown = 1;
CREATE INDEX activities_place ON activities (lat, lng) WHERE shown = 1 AND lat IS NOT NULL;
CREATE INDEX activities_native ON activities (platform, native);
CREATE INDEX activities_city ON activities (city, sweep);

-- What the source told, apart from the rows that lists run through.
CREATE TABLE activity_texts (
  activity INTEGER PRIMARY KEY REFERENCES activities (key) ON DELETE CASCADE,
  data     TEXT NOT NULL
) STRICT;

CREATE TABLE skills (
  id   TEXT PRIMARY KEY,
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE activity_skills (
  skill    TEXT NOT NULL,
  activity INTEGER NOT NULL REFERENCES activities (key) ON DELETE CASCADE,
  PRIMARY KEY (skill, activity)
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_skills_activity ON activity_skills (activity);

CREATE VIRTUAL TABLE activity_search USING fts5 (
  title, organiser, skills, badge, text,
  content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);

-- Pictures by address: wanted (not fetched yet), here, refused.
CREATE TABLE activity_pictures (
  url       TEXT PRIMARY KEY,
  state     TEXT NOT NULL,
  thumbnail BLOB,
  large     BLOB,
  seen_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE plans (
  activity TEXT PRIMARY KEY,
  at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The learner's own ticks: part is the native id of the activity.
CREATE TABLE ticks (
  playlist TEXT NOT NULL,
  part     TEXT NOT NULL,
  done     INTEGER NOT NULL,
  PRIMARY KEY (playlist, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
  id      TEXT PRIMARY KEY,
  city    TEXT NOT NULL,
  name    TEXT NOT NULL,
  code    TEXT NOT NULL,
  at      INTEGER NOT NULL,
  state   TEXT NOT NULL,
  outcome TEXT,
  problem TEXT
) STRICT, WITHOUT ROWID;

-- What each badge is one of, for progress and next steps: title as it is written, name, issuer and skills as they are compared. Made
-- from originals; a row whose content differs is made anew.
CREATE TABLE achievements (
  credential INTEGER PRIMARY KEY REFERENCES credentials (key) ON DELETE CASCADE,
  content_id TEXT NOT NULL,
  class      TEXT,
  title      TEXT NOT NULL,
  name       TEXT NOT NULL,
  issuer     TEXT NOT NULL,
  skills     TEXT NOT NULL
) STRICT;
