-- Live calendars: consented accounts, their sealed credentials, and a mirror of what the providers hold.
--
-- tenant opens every key: nothing is ever read across tenants. All times are epoch milliseconds unless said otherwise.
-- The mirror may be rebuilt from the providers at any time. Nothing of a private event but its time, its status and its
-- ids is ever written.

CREATE TABLE accounts (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  provider TEXT NOT NULL,
  subject TEXT,                  -- who consented; null for a feed
  label TEXT NOT NULL,
  tier TEXT NOT NULL,
  consent TEXT NOT NULL,         -- personal, organisation, password, address
  settings TEXT NOT NULL,        -- JSON object of texts, no secret
  status TEXT NOT NULL,
  sentence TEXT,
  connected_at INTEGER NOT NULL,
  listed_at INTEGER,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- A row: something that may not be kept was overwritten or removed, and the file still has to be rewritten.
CREATE TABLE owed_settling (
  tenant TEXT NOT NULL,
  PRIMARY KEY (tenant)
) STRICT, WITHOUT ROWID;

-- Secrets, encrypted. No foreign key: a credential may be kept a moment before its account.
CREATE TABLE credentials (
  tenant TEXT NOT NULL,
  account_id TEXT NOT NULL,
  version INTEGER NOT NULL,      -- compare-and-swap
  key_id TEXT NOT NULL,
  sealed TEXT NOT NULL,          -- base64: 12 bytes nonce, ciphertext, 16 bytes tag
  lease_owner TEXT,              -- who refreshes it now
  lease_until_at INTEGER,
  PRIMARY KEY (tenant, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE calendars (
  tenant TEXT NOT NULL,
  account_id TEXT NOT NULL,
  id TEXT NOT NULL,
  number INTEGER NOT NULL,       -- stands for (account_id, id) in the keys of items; used again after a removal
  name TEXT,
  zone TEXT,
  owner_address TEXT,
  is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
  access TEXT NOT NULL,
  is_selected INTEGER NOT NULL CHECK (is_selected IN (0, 1)),
  version INTEGER NOT NULL,      -- compare-and-swap
  status TEXT NOT NULL,
  sentence TEXT,
  cursor TEXT,
  round TEXT,                    -- JSON; null between rounds
  generation INTEGER NOT NULL,
  as_of INTEGER,
  tried_at INTEGER,
  next_at INTEGER,
  failures INTEGER NOT NULL,
  forced_at INTEGER,
  window_start_at INTEGER,
  window_end_at INTEGER,
  left_out TEXT NOT NULL,        -- JSON array
  PRIMARY KEY (tenant, account_id, id),
  FOREIGN KEY (tenant, account_id) REFERENCES accounts (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX calendars_by_number ON calendars (tenant, number);
CREATE INDEX calendars_by_turn ON calendars (tenant, next_at) WHERE is_selected = 1;

-- What the provider calls one thing: an event, a resource, an occurrence. A rowid table: with rows of a kilobyte and keys
-- in any order it takes half the room and half the time to write. No foreign key: it would be looked up for each of
-- 100,000 rows; the first write of every batch refuses a calendar that is not there.
CREATE TABLE calendar_items (
  tenant TEXT NOT NULL,
  calendar INTEGER NOT NULL,     -- calendars.number
  id TEXT NOT NULL,
  etag TEXT NOT NULL,
  kind TEXT NOT NULL,            -- events, series, occurrence
  series_id TEXT,                -- the item that holds the series
  first_at INTEGER,              -- nothing of it lies before; null: no such bound
  last_start_at INTEGER,         -- no occurrence starts after; null: no such bound
  last_at INTEGER,               -- nothing of it lies after; null: no such bound
  body TEXT NOT NULL,            -- JSON, see src/store/item-rows.ts
  PRIMARY KEY (tenant, calendar, id)
) STRICT;
CREATE INDEX calendar_items_by_series ON calendar_items (tenant, calendar, series_id, kind)
  WHERE series_id IS NOT NULL;

-- What the steps of a round under way named, a row a step and not a row an item: a full round over unchanged items
-- writes no item row.
CREATE TABLE round_steps (
  tenant TEXT NOT NULL,
  calendar INTEGER NOT NULL,     -- calendars.number
  version INTEGER NOT NULL,      -- of the calendar, after the step
  part INTEGER NOT NULL,
  named TEXT NOT NULL,           -- JSON array of item ids
  replaced TEXT NOT NULL,        -- JSON array of ids of series
  PRIMARY KEY (tenant, calendar, version, part)
) STRICT;

CREATE TABLE push_channels (
  tenant TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  calendar_id TEXT NOT NULL,
  provider_id TEXT NOT NULL,
  secret_hash TEXT NOT NULL,     -- SHA-256, hex
  address TEXT NOT NULL,         -- of ours, for notifications
  expires_at INTEGER NOT NULL,
  next_at INTEGER,               -- nothing to be done about it before; null: at once
  status TEXT NOT NULL,
  PRIMARY KEY (tenant, channel_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX push_channels_by_provider ON push_channels (tenant, provider_id);

-- What we wrote to calendars. Stays when an account goes, without texts.
CREATE TABLE write_journal (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  calendar_id TEXT NOT NULL,
  action TEXT NOT NULL,
  detail TEXT NOT NULL,          -- JSON
  state TEXT NOT NULL,
  item_id TEXT,
  sentence TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- Rows of people.csv as each account's directory gave them, in parts: a row of D1 holds 2 MB.
CREATE TABLE directory_parts (
  tenant TEXT NOT NULL,
  account_id TEXT NOT NULL,
  part INTEGER NOT NULL,
  read_at INTEGER NOT NULL,
  people TEXT NOT NULL,          -- JSON array of objects of texts
  PRIMARY KEY (tenant, account_id, part),
  FOREIGN KEY (tenant, account_id) REFERENCES accounts (tenant, id)
) STRICT;
