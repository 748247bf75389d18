/** A project whose origin is a forge on loopback, for end-to-end tests. */
import { onTestFinished } from 'vitest';
import { shellSettings } from '../e2e-plan.ts';
import { makeProject, type Project, type ProjectOrder } from '../e2e.ts';
import type { FakeApi } from './api.ts';
import { startForge, type ForgeServer } from './forge-server.ts';

export interface ForgeWorld {
  project: Project;
  forge: ForgeServer;
}

export interface ForgeWorldOrder extends ProjectOrder {
  kind: 'github' | 'gitlab' | 'gitea';
  landing: object;
  /** Further settings of the forge. */
  forge?: object;
}

/** Looks at the forge five times a second, and tells the token by the environment alone. */
export async function makeForgeWorld(api: FakeApi, order: ForgeWorldOrder): Promise<ForgeWorld> {
  const { kind, landing, forge: more = {}, ...rest } = order;
  const forge = await startForge(api, null);
  onTestFinished(async () => forge[Symbol.asyncDispose]());
  const { token } = forge;
  const project = await makeProject({
    ...rest,
    settings: shellSettings(3, { landing, forge: { kind, pollS: 0.2, checksGraceS: 0, ...more } }),
    environment: { ORBIT_FORGE_URL: forge.url, GITHUB_TOKEN: token, GITLAB_TOKEN: token, GITEA_TOKEN: token },
  });
  project.repository.git('push', '-q', forge.hub.directory, 'main:main');
  project.repository.git('remote', 'add', 'origin', forge.gitUrl);
  return { project, forge };
}
