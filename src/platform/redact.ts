/**
 * Hiding known secrets in text on its way to a log, the store or a screen (I19).
 *
 * Owns which forms of a value count as the value. It knows only what it is told: a secret that a program makes up or changes
 * passes.
 */

/** Shorter values are likely to be ordinary words; hiding them would make logs unreadable and hide nothing. */
const secretLengthMin = 8;

/** A function that puts `[secret]` for each of `secrets`, as it is or encoded; of one with several lines also for each line. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]);
  const forms = new Set(parts.filter((part) => part.length >= secretLengthMin).flatMap(formsOf));
  // The longest first, so that a whole value does not stay half hidden behind one of its lines.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) =>
    ordered.reduce((left, form) => (left.includes(form) ? left.replaceAll(form, '[secret]') : left), text);
}

/** Values of the variables that settings pass on to agents, checks and set-up commands by name. */
export function grantedSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): string[] {
  return names.flatMap((name) => environment[name] ?? []);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = (['base64', 'base64url', 'hex'] as const).map((encoding) => bytes.toString(encoding));
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed()), ...encoded];
}
