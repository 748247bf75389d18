/** The settings as a JSON Schema, made from their table, so that editors complete and check `orbit.config.json`. Pure. */
import { keys, type Key, type Keys } from './settings-key.ts';

type Schema = Record<string, unknown>;

/** What `schema/orbit.config.schema.json` holds. */
export function settingsSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Settings of Orbit (orbit.config.json)',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...propertiesOf(keys) },
    additionalProperties: false,
  };
}

function propertiesOf(table: Keys): Schema {
  return Object.fromEntries(
    Object.entries(table).map(([name, key]) => [name, { description: key.about, ...schemaOf(key) }]),
  );
}

function schemaOf(key: Key): Schema {
  switch (key.kind) {
    case 'text':
      return {
        type: 'string',
        minLength: 1,
        ...(key.choices === undefined ? {} : { enum: key.choices }),
        ...defaultOf(key.default),
      };
    case 'number':
      return { type: typeOf(key), minimum: key.min, ...defaultOf(key.default) };
    case 'flag':
      return { type: 'boolean', default: key.default };
    case 'texts':
      return {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        ...(key.min === undefined ? {} : { minItems: key.min }),
        ...defaultOf(key.default),
      };
    case 'group':
      return { type: 'object', properties: propertiesOf(key.keys), additionalProperties: false };
    case 'named':
      return {
        type: 'object',
        propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' },
        additionalProperties: {
          type: 'object',
          properties: propertiesOf(key.keys),
          required: key.required,
          additionalProperties: false,
        },
        default: {},
      };
  }
}

function typeOf({ integer, default: fallback }: Extract<Key, { kind: 'number' }>): string | string[] {
  const type = integer === true ? 'integer' : 'number';
  return fallback === null ? [type, 'null'] : type;
}

function defaultOf(value: unknown): Schema {
  return value === undefined ? {} : { default: value };
}
