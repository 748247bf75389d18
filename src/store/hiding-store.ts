/**
 * A store that keeps an agent's secrets out of its rows (I19): what an agent writes through its own process is cleaned of the
 * values that this process knows.
 *
 * Owns the list of verbs that carry an agent's words. All else goes to the store behind it as it is.
 */
import type { Store } from './store.ts';

/** Verbs whose first two arguments may hold words. */
const wordyVerbs: ReadonlySet<PropertyKey> = new Set<keyof Store>(['execute', 'send', 'note', 'applyPlan']);

type Verb = (...args: readonly unknown[]) => unknown;

/** @param redact made at the first write; what only reads does not pay for it. */
export function hidingStore(store: Store, redact: () => Promise<(text: string) => string>): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const verb = member.bind(target) as Verb;
      if (!wordyVerbs.has(name)) return verb;
      return async (...args: readonly unknown[]) => {
        const clean = await redact();
        return verb(...args.map((arg) => withTexts(arg, clean)));
      };
    },
  });
}

/** The same value with each text in it replaced; maps and other objects with a class are left alone. */
function withTexts(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => withTexts(item, clean));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withTexts(item, clean)]));
}
