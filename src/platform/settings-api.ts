/** The keys of `api` and of `apiTokens`; see `settings-key.ts`. */
import { limits } from '../core/limits.ts';
import type { Keys } from './settings-kind.ts';

export const apiKeys: Keys = {
  host: {
    kind: 'text',
    default: 'localhost',
    about:
      'Address to listen at. Another than this machine’s own needs tlsCert, tlsKey and apiTokens, or nothing starts.',
  },
  port: {
    kind: 'number',
    default: limits.apiPort,
    min: 0,
    integer: true,
    about: 'Port to listen at; the next free one where it is taken; 0 for any.',
  },
  names: {
    kind: 'texts',
    default: [],
    about: 'Host names besides the address under which a browser or a proxy may ask for it.',
  },
  tlsCert: { kind: 'text', about: 'File with the certificate chain in PEM, for https.' },
  tlsKey: { kind: 'text', about: 'File with its private key in PEM.' },
};

export const apiTokenKeys: Keys = {
  sha256: { kind: 'text', about: 'SHA-256 of the token in hexadecimal; the token itself stands nowhere.' },
  role: {
    kind: 'text',
    default: 'observer',
    choices: ['person', 'observer'],
    about: 'What its bearer may do: all that a person may, or only look.',
  },
  expires: { kind: 'text', about: 'Time in ISO 8601 from which on it is refused; never by default.' },
};
