/** The library: what another program may import from `orbit-agent`. Everything not exported here may change at any time. */
export { version } from './platform/version.ts';
