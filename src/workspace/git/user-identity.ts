/** Who git says the user is: from the repository's and the user's own configuration. */
import { runGit } from './run-git.ts';

/** `null` when nobody told git a name and an address. */
export async function userIdentity(commonDirectory: string): Promise<{ name: string; email: string } | null> {
  const read = async (key: string): Promise<string> => {
    const { exitCode, stdout } = await runGit(['config', '--get', key], { gitDir: commonDirectory, accept: [0, 1] });
    return exitCode === 0 ? stdout.toString('utf8').trim() : '';
  };
  const [name, email] = [await read('user.name'), await read('user.email')];
  return name === '' || email === '' ? null : { name, email };
}
