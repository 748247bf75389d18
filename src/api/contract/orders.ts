/**
 * What the API's writes take.
 *
 * Owns the bounds of what a client may send. Unknown fields are refused, so that a wrong spelling is told and never ignored.
 */
import { z } from 'zod';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, ".", "_" and "-", at most 64');
const words = z.string().trim().min(1).max(16_384);
const line = z.string().trim().min(1).max(400);
const globs = z.array(z.string().min(1).max(1_000)).max(200);
const commands = z.array(z.string().min(1).max(4_000)).max(50);
const keys = z.array(z.string().min(1).max(130)).max(500);

const fields = {
  title: line,
  description: z.string().max(65_536),
  kind: z.enum(['bootstrap', 'plan', 'implement', 'verify', 'regression']),
  parent: name.nullable(),
  layer: z.int().min(0).max(10_000).nullable(),
  agent: name.nullable(),
  priority: z.int().min(-1_000).max(1_000),
  scope: globs,
  checks: commands,
  dependencies: keys,
};

export const createTaskOrder = z
  .strictObject({ ...fields, plan: name, id: name })
  .partial()
  .required({ title: true })
  .meta({ id: 'CreateTask' });

export const editTaskOrder = z.strictObject(fields).partial().meta({ id: 'EditTask' });

/** What a person does with a task; each verb has the name of the command line's. */
export const taskActionOrder = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('nudge'), text: words }),
    z.strictObject({ action: z.literal('retry'), advice: words.nullable().default(null) }),
    z.strictObject({ action: z.literal('reassign'), agent: name, advice: words.nullable().default(null) }),
    z.strictObject({ action: z.literal('cancel'), why: words }),
    z.strictObject({ action: z.literal('close'), why: words }),
    z.strictObject({ action: z.literal('reopen'), why: words }),
    z.strictObject({ action: z.literal('hold'), why: words }),
    z.strictObject({ action: z.literal('resume') }),
    /** Bound to exactly this tree: what changed since needs another look. */
    z.strictObject({ action: z.literal('approve'), tree: z.string().regex(/^[0-9a-f]{7,64}$/) }),
    z.strictObject({ action: z.literal('reject'), reason: words, close: z.boolean().default(false) }),
    z.strictObject({ action: z.literal('grant-scope') }),
    z.strictObject({ action: z.literal('deny-scope'), reason: words }),
    z.strictObject({ action: z.literal('widen-scope'), entries: globs.min(1), why: words }),
  ])
  .meta({ id: 'TaskAction' });

export const pauseOrder = z
  .strictObject({ what: z.enum(['work', 'landing']).default('work'), why: words.default('paused') })
  .meta({ id: 'Pause' });

export const messageOrder = z
  .strictObject({ to: z.string().min(1).max(80), text: words, task: z.string().max(130).nullable().default(null) })
  .meta({ id: 'SendMessage' });

export const acknowledgeOrder = z
  .strictObject({
    to: z.string().min(1).max(80).nullable().default(null),
    ids: z.array(z.string().max(200)).max(1_000),
  })
  .meta({ id: 'Acknowledge' });

export const findingOrder = z
  .strictObject({
    kind: z.enum(['decision', 'interface', 'gotcha', 'failed-approach', 'claim']),
    title: line,
    text: words,
    paths: globs.default([]),
    task: z.string().max(130).nullable().default(null),
  })
  .meta({ id: 'RecordFinding' });

export const resumeAccountOrder = z
  .strictObject({ why: words.default('opened by a person') })
  .meta({ id: 'OpenAccount' });

export const sessionOrder = z.strictObject({ code: z.string().min(20).max(100) }).meta({ id: 'OpenSession' });
