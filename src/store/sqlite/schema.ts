/**
 * The tables of a SQLite store, as numbered migrations.
 *
 * Owns the schema. Facts that queries ask for are columns; the rest of a task, attempt or plan is one JSON text, read and
 * written whole. `PRAGMA user_version` counts the migrations that a file has been through.
 */

/** Each runs once, in this order, in one transaction. A released one is never edited; the next change is a new one. */
export const migrations: readonly string[] = [
  `
  -- The log's end and the last token: one row, moved in the transaction that uses them.
  CREATE TABLE project (
    one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL, token INTEGER NOT NULL
  ) STRICT;
  INSERT INTO project VALUES (1, 0, '', 0);

  CREATE TABLE event (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, actor_seq INTEGER NOT NULL,
    plan TEXT, task TEXT, attempt INTEGER, data TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_task ON event (task, seq) WHERE task IS NOT NULL;
  CREATE TABLE actor (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE plan (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, unblock TEXT NOT NULL, paused INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;

  -- wanted: the agent, '' = any. standing: status without time and other tasks, derived anew with each write of the row.
  -- met: what it gives its dependants (0 nothing, 1 done, 2 landed). retry_at: 0 = at once.
  CREATE TABLE task (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, plan TEXT NOT NULL, wanted TEXT NOT NULL,
    standing TEXT NOT NULL, met INTEGER NOT NULL, unmet INTEGER NOT NULL CHECK (unmet >= 0), retry_at INTEGER NOT NULL,
    score REAL NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX task_ready ON task (plan, score DESC, number) WHERE standing = 'ready' AND unmet = 0;
  CREATE INDEX task_ready_wanted ON task (plan, wanted, score DESC, number) WHERE standing = 'ready' AND unmet = 0;
  CREATE INDEX task_plan ON task (plan);
  CREATE INDEX task_standing ON task (standing, plan);

  -- needs may name a task that does not exist yet.
  CREATE TABLE dependency (task TEXT NOT NULL, needs TEXT NOT NULL, PRIMARY KEY (task, needs)) STRICT, WITHOUT ROWID;
  CREATE INDEX dependency_needs ON dependency (needs, task);

  CREATE TABLE attempt (
    token INTEGER PRIMARY KEY, task TEXT NOT NULL, plan TEXT NOT NULL, live INTEGER NOT NULL, body TEXT NOT NULL, pulse TEXT NOT NULL
  ) STRICT;
  -- At most one live claim per task, whatever the code above believes.
  CREATE UNIQUE INDEX attempt_live ON attempt (task) WHERE live = 1;
  CREATE INDEX attempt_task ON attempt (task);
  CREATE INDEX attempt_plan ON attempt (plan);
  CREATE TABLE reservation (token INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;

  CREATE TABLE message (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sender TEXT NOT NULL, recipient TEXT NOT NULL, place INTEGER NOT NULL,
    task TEXT, text TEXT NOT NULL, at INTEGER NOT NULL, acknowledged_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX message_place ON message (sender, recipient, place);
  CREATE INDEX message_recipient ON message (recipient);
  CREATE INDEX message_waiting ON message (recipient) WHERE acknowledged_at IS NULL;

  CREATE TABLE finding (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, text TEXT NOT NULL, paths TEXT NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE VIRTUAL TABLE finding_words USING fts5(
    title, text, paths, content = 'finding', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
  );

  CREATE TABLE verdict (
    tree TEXT NOT NULL, command TEXT NOT NULL, green INTEGER NOT NULL, tail TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (tree, command)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE leader (
    one INTEGER PRIMARY KEY CHECK (one = 1), holder TEXT NOT NULL, epoch INTEGER NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE agent_check (
    agent TEXT NOT NULL, fingerprint TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, fingerprint)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE account (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  -- Facts that earlier programs did not have.
  UPDATE task SET body = json_insert(
    body, '$.rung', 'first', '$.avoid', NULL, '$.walls', 0, '$.origin', NULL, '$.claim.rung', 'first', '$.claim.model', NULL
  );
  UPDATE attempt SET body = json_insert(
    body, '$.rung', 'first', '$.adapter', NULL, '$.model', NULL, '$.thinking', NULL, '$.start', NULL, '$.acted', NULL, '$.cause', NULL, '$.notes', NULL
  );
  `,
  `
  CREATE TABLE train (target TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- made_by: the task whose attempt made it, NULL for those of people and plans. It never changes.
  ALTER TABLE task ADD COLUMN made_by TEXT;
  UPDATE task SET made_by = json_extract(body, '$.origin.task');
  CREATE INDEX task_made_by ON task (made_by) WHERE made_by IS NOT NULL;
  `,
  `
  -- other: '' = what is on the target.
  CREATE TABLE conflict (task TEXT NOT NULL, other TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (task, other)) STRICT, WITHOUT ROWID;
  `,
  `
  -- Facts that earlier programs did not have.
  UPDATE task SET body = json_insert(body, '$.approval', NULL, '$.widened', json('[]'), '$.widening', NULL);
  `,
];
