/** Who git says the user is: from the repository's and the user's own configuration. */
import { splitNul } from './objects.ts';
import { runGit } from './run-git.ts';

/** `null` when nobody told git a name and an address. One process, because every agent's start waits for it. */
export async function userIdentity(commonDirectory: string): Promise<{ name: string; email: string } | null> {
  const ask = ['config', '-z', '--get-regexp', String.raw`^user\.(name|email)$`];
  const { stdout } = await runGit(ask, { gitDir: commonDirectory, accept: [0, 1] });
  // `key LF value`; a later one of the same key holds.
  const values = new Map(
    splitNul(stdout).map((entry) => {
      const [key = '', ...lines] = entry.split('\n');
      return [key, lines.join('\n').trim()];
    }),
  );
  const [name, email] = [values.get('user.name') ?? '', values.get('user.email') ?? ''];
  return name === '' || email === '' ? null : { name, email };
}
