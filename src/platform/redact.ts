/**
 * Hiding known secrets in text on its way to a log, the store or a screen (I19).
 *
 * Owns which forms of a value count as the value: as it is, escaped for JSON or a URL, in hexadecimal, in base64 at any place of
 * longer bytes, each also broken over lines. It knows only what it is told: a secret that a program makes up or changes passes.
 * What is cut between two pieces of text is the business of `redact-lines.ts`.
 */

/** Shorter values are likely to be ordinary words; hiding them would make logs unreadable and hide nothing. */
const secretLengthMin = 8;
/** Shorter parts of a value tell nothing of it, and are parts of many words. */
const partLengthMin = 6;

const mask = '[secret]';

/** A function that puts `[secret]` for each of `secrets`, as it is or encoded; of one with several lines also for each line. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = secretForms(secrets);
  if (forms.length === 0) return (text) => text;
  return (text) => hideBroken(hideWhole(text, forms), forms);
}

/** All texts that count as one of the secrets, the longest first: a whole value must not stay half hidden behind one of its lines. */
export function secretForms(secrets: readonly string[]): readonly string[] {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]);
  const forms = new Set(parts.filter((part) => part.length >= secretLengthMin).flatMap(formsOf));
  return [...forms].sort((a, b) => b.length - a.length);
}

/** For text that was cut out of a longer one: hides also a secret's beginning at its end, and a secret's end at its beginning. */
export function hideEdges(text: string, forms: readonly string[]): string {
  const [, body = '', dots = ''] = /^(.*?)(…?)$/s.exec(text) ?? [];
  let left = body;
  for (const form of forms) {
    const end = longest(form, (length) => left.endsWith(form.slice(0, length)));
    if (end > 0) left = `${left.slice(0, -end)}${mask}`;
    const start = longest(form, (length) => left.startsWith(form.slice(-length)));
    if (start > 0) left = `${mask}${left.slice(start)}`;
  }
  return left + dots;
}

/** Values of the variables that settings pass on to agents, checks and set-up commands by name. */
export function grantedSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): string[] {
  return names.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [value, ...headerValues(value), ...passwordsIn(value)];
  });
}

/** Variables whose names say that they hold a secret. Endpoints and model names are none, nor is what git is set up with. */
export function isSecretName(name: string): boolean {
  return /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL|HEADERS|CAPABILITY/i.test(name) && !name.startsWith('GIT_CONFIG_');
}

/** Passwords within addresses, as proxies and endpoints may have them: `http://user:password@host`. */
export function passwordsIn(value: string): string[] {
  return [...value.matchAll(/:\/\/[^\s/@:]*:([^\s/@]+)@/g)].flatMap(([, password = '']) => [
    password,
    decoded(password),
  ]);
}

/** Of `name: value` lines the value, without the word that says how it is meant. */
function headerValues(value: string): string[] {
  const found = [...value.matchAll(/^[\w-]+:[ \t]*(\S.*)$/gm)].map(([, rest = '']) => rest.trim());
  return found.flatMap((rest) => [rest, rest.replace(/^(?:bearer|basic|token) +/i, '')]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function longest(form: string, fits: (length: number) => boolean): number {
  for (let length = form.length - 1; length >= partLengthMin; length -= 1) if (fits(length)) return length;
  return 0;
}

function hideWhole(text: string, forms: readonly string[]): string {
  return forms.reduce((left, form) => (left.includes(form) ? left.replaceAll(form, mask) : left), text);
}

/** Line ends as such, and as JSON writes them, however deep; base64 programs and terminals break long values. */
const lineBreak = /(?:\r?\n|\\+r\\+n|\\+n)[ \t]*/g;

function hideBroken(text: string, forms: readonly string[]): string {
  if (!text.includes('\n') && !text.includes('\\n')) return text;
  const joined = text.replace(lineBreak, '');
  if (!forms.some((form) => joined.includes(form))) return text;
  const places: number[] = [];
  let at = 0;
  for (const found of text.matchAll(lineBreak)) {
    for (; at < found.index; at += 1) places.push(at);
    at = found.index + found[0].length;
  }
  for (; at < text.length; at += 1) places.push(at);
  return hideRanges(
    text,
    forms.flatMap((form) =>
      occurrences(joined, form).map((from) => ({
        from: places[from] ?? 0,
        to: (places[from + form.length - 1] ?? 0) + 1,
      })),
    ),
  );
}

function occurrences(text: string, form: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) found.push(at);
  return found;
}

/** Puts `[secret]` for each range; those that overlap become one. */
export function hideRanges(text: string, ranges: readonly { from: number; to: number }[]): string {
  let [result, at] = ['', 0];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    if (to <= at) continue;
    result += from < at ? '' : text.slice(at, from) + mask;
    at = to;
  }
  return result + text.slice(at);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const escaped = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret.toWellFormed());
  const hex = bytes.toString('hex');
  return [
    secret,
    escaped,
    // JSON inside of JSON, and the escapes that some programs add.
    JSON.stringify(escaped).slice(1, -1),
    escaped.replaceAll('/', '\\/'),
    url,
    url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    url.replaceAll('%20', '+'),
    hex,
    hex.toUpperCase(),
    ...base64Forms(bytes),
  ].filter((form) => form.length >= secretLengthMin);
}

/** The value in base64 by itself, and as part of longer bytes: then it begins at one of three places of a group. */
function base64Forms(bytes: Buffer): string[] {
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Characters that hold bits of a neighbour differ with it.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const forms = [bytes.toString('base64'), ...inside];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))];
}
