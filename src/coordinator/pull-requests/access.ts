/** What landing by pull requests is given besides the coordinator's own ports. */
import type { Forge } from '../../forge/forge.ts';
import type { Remote } from '../../workspace/remote.ts';

export interface ForgeAccess {
  forge: Forge;
  remote: Remote;
  /** The branch of the remote that everything goes to in the end, by its short name. */
  trunk: string;
}
