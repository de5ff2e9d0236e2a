-- The audits kept with `audit --db`, so that the next one can say what changed.
--
-- scope says whose calendar it is (a hash of the subject and the calendars). It opens every key: nothing is ever read
-- across scopes. An audit is immutable; its id comes from its content. Titles of private events are never stored.

CREATE TABLE audits (
  scope TEXT NOT NULL,
  id TEXT NOT NULL,
  generated_at INTEGER NOT NULL, -- epoch milliseconds
  window_from_on TEXT NOT NULL,  -- YYYY-MM-DD
  window_to_on TEXT NOT NULL,    -- exclusive
  PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

-- The report as JSON, cut into parts: a row of D1 holds 2 MB. Large rows, so a rowid table.
CREATE TABLE audit_report_parts (
  scope TEXT NOT NULL,
  audit_id TEXT NOT NULL,
  part INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (scope, audit_id, part),
  FOREIGN KEY (scope, audit_id) REFERENCES audits (scope, id)
) STRICT;

CREATE TABLE audit_series (
  scope TEXT NOT NULL,
  audit_id TEXT NOT NULL,
  series_id TEXT NOT NULL,
  number INTEGER NOT NULL,       -- its place in the report
  title TEXT,
  section TEXT NOT NULL,
  answer TEXT NOT NULL,
  kind TEXT NOT NULL,
  confidence REAL NOT NULL,
  form TEXT NOT NULL,
  cadence TEXT NOT NULL,
  held INTEGER NOT NULL,
  hours_per_week REAL NOT NULL,  -- person-hours, expected
  money_per_year REAL NOT NULL,  -- expected, whole units of the report's currency
  my_minutes_per_week REAL,
  PRIMARY KEY (scope, audit_id, series_id),
  FOREIGN KEY (scope, audit_id) REFERENCES audits (scope, id)
) STRICT, WITHOUT ROWID;

-- Each occurrence with the rule that counted or dropped it. Keyed by position and not by uid: a calendar may say the
-- same uid and start twice, and both rows are behind the numbers.
CREATE TABLE audit_occurrences (
  scope TEXT NOT NULL,
  audit_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  calendar TEXT NOT NULL,
  uid TEXT NOT NULL,
  original_start TEXT NOT NULL,  -- 2026-03-16T09:00:00Z, all-day 2026-03-16
  starts TEXT NOT NULL,
  ends TEXT NOT NULL,
  counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
  rule TEXT NOT NULL,
  PRIMARY KEY (scope, audit_id, position),
  FOREIGN KEY (scope, audit_id) REFERENCES audits (scope, id)
) STRICT, WITHOUT ROWID;
