/** Owns messages and findings in SQLite: what agents say to each other, and what they record for all. */
import type { TaskKey } from '../../core/id.ts';
import type { Message, Note } from '../store.ts';
import { wordsOf } from '../words.ts';
import type { Transaction } from './transaction.ts';
import type { Database } from './database.ts';

interface MessageRow {
  id: string;
  sender: string;
  recipient: string;
  place: number;
  task: TaskKey | null;
  text: string;
  at: number;
  acknowledged_at: number | null;
}

const messageColumns = 'id, sender, recipient, place, task, text, at, acknowledged_at';

export function send({ db, log }: Transaction, message: Omit<Message, 'order' | 'acknowledgedAt'>): Message {
  const { id, from, to, task, text, at } = message;
  const known = db.get<MessageRow>(`SELECT ${messageColumns} FROM message WHERE id = ?`, id);
  if (known !== undefined) return messageOf(known);
  const last = db.get<{ place: number | null }>(
    'SELECT max(place) AS place FROM message WHERE sender = ? AND recipient = ?',
    from,
    to,
  );
  const place = (last?.place ?? 0) + 1;
  db.run(
    `INSERT INTO message (${messageColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, NULL)`,
    id,
    from,
    to,
    place,
    task,
    text,
    at,
  );
  log.append({ at, actor: from, task, body: { type: 'message-sent', id, from, to } });
  return { id, from, to, order: place, task, text, at, acknowledgedAt: null };
}

/** In the order of their arrival. */
export function readMessages(
  db: Database,
  { to, all, limit }: { to: string; all?: boolean; limit?: number },
): Message[] {
  const waiting = all === true ? '' : 'AND acknowledged_at IS NULL';
  const sql = `SELECT ${messageColumns} FROM message WHERE recipient = ? ${waiting} ORDER BY number LIMIT ?`;
  return db.all<MessageRow>(sql, to, limit ?? -1).map(messageOf);
}

export function acknowledge({ db, log, now }: Transaction, to: string, ids: readonly string[]): number {
  const sql = 'UPDATE message SET acknowledged_at = ? WHERE id = ? AND recipient = ? AND acknowledged_at IS NULL';
  const read = ids.filter((id) => db.run(sql, now, id, to) > 0);
  if (read.length > 0)
    log.append({ at: now, actor: to, task: null, body: { type: 'message-acknowledged', ids: read, to } });
  return read.length;
}

export function note({ db, log }: Transaction, finding: Note): Note {
  const { id, kind, title, text, paths, author, task, at } = finding;
  const known = db.get<{ body: string }>('SELECT body FROM finding WHERE id = ?', id);
  if (known !== undefined) return JSON.parse(known.body) as Note;
  const pathText = paths.join(' ');
  db.run(
    'INSERT INTO finding (id, title, text, paths, body) VALUES (?, ?, ?, ?, ?)',
    id,
    title,
    text,
    pathText,
    JSON.stringify(finding),
  );
  db.run(
    'INSERT INTO finding_words (rowid, title, text, paths) VALUES (last_insert_rowid(), ?, ?, ?)',
    title,
    text,
    pathText,
  );
  log.append({ at, actor: author, task, body: { type: 'finding-noted', id, kind } });
  return finding;
}

/** Any of the words is enough; the title counts most, and rare words more than common ones (bm25). */
export function findNotes(db: Database, { words, limit }: { words: string; limit: number }): Note[] {
  if (words.trim() === '') {
    return db.all<{ body: string }>('SELECT body FROM finding ORDER BY number DESC LIMIT ?', limit).map(noteOf);
  }
  const query = wordsOf(words).map((word) => `"${word}"`);
  if (query.length === 0) return [];
  const sql = `SELECT finding.body FROM finding_words JOIN finding ON finding.number = finding_words.rowid
    WHERE finding_words MATCH ? ORDER BY bm25(finding_words, 4.0, 1.0, 2.0), finding.number DESC LIMIT ?`;
  return db.all<{ body: string }>(sql, query.join(' OR '), limit).map(noteOf);
}

function noteOf({ body }: { body: string }): Note {
  return JSON.parse(body) as Note;
}

function messageOf(row: MessageRow): Message {
  const { id, sender, recipient, place, task, text, at, acknowledged_at: acknowledgedAt } = row;
  return { id, from: sender, to: recipient, order: place, task, text, at, acknowledgedAt };
}
