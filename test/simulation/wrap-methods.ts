/** Puts something in front of every method of a port; each method is wrapped once. */

export type Method = (...args: unknown[]) => Promise<unknown>;

export function wrapMethods<Port extends object>(port: Port, wrap: (name: string, method: Method) => Method): Port {
  const wrapped = new Map<string | symbol, unknown>();
  return new Proxy(port, {
    get: (target, property) => {
      if (wrapped.has(property)) return wrapped.get(property);
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      const bound = member.bind(target) as Method;
      const method = typeof property === 'symbol' ? bound : wrap(property, bound);
      wrapped.set(property, method);
      return method;
    },
  });
}
