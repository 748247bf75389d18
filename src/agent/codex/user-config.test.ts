import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readUserConfig, tomlText, withoutModel } from './user-config.ts';

const config = `# mine
model = "gpt-x" # the best
model_provider = 'local'
approval_policy = "on-request"
notify = [
  "python3", # [model_providers.fake]
  "/home/me/notify.py",
]
developer_instructions = """
[model_providers.trap]
model = "no"
"""

[model_providers.local]
name = "Local # not a comment"
base_url = "http://127.0.0.1:1/v1"
env_key = "LOCAL_KEY"
query_params = { v = "1" }

[model_providers."two words".env_http_headers]
"X-Team" = "TEAM_VAR"

[mcp_servers.mine]
command = "secret-tool"
env_key = "NOT_MINE"

[projects."/home/me"]
trust_level = "trusted"
`;

test('P10 of the user’s settings, model and provider are taken over and nothing else', () => {
  const read = readUserConfig(config);
  expect(read.top).toBe('model = "gpt-x"\nmodel_provider = \'local\'\n');
  expect(read.tables).toBe(`[model_providers.local]
name = "Local # not a comment"
base_url = "http://127.0.0.1:1/v1"
env_key = "LOCAL_KEY"
query_params = { v = "1" }
[model_providers."two words".env_http_headers]
"X-Team" = "TEAM_VAR"
`);
  expect(read).toMatchObject({ hasModel: true, hasProvider: true, environmentNames: ['LOCAL_KEY', 'TEAM_VAR'] });
  expect(withoutModel(read.top)).toBe("model_provider = 'local'\n");
});

test('P10 providers may be written with dotted keys or inline', () => {
  const dotted = readUserConfig('model_providers.a.env_key = "A_KEY"\nmodel_providers.a.base_url = "u"\n');
  expect(dotted).toMatchObject({ environmentNames: ['A_KEY'], tables: '' });
  expect(dotted.top.split('\n')).toHaveLength(3);
  expect(readUserConfig('model_providers = { a = { env_key = "A_KEY" } }').environmentNames).toEqual(['A_KEY']);
});

test('I19 a name that is no name of a variable is not passed on', () => {
  expect(readUserConfig('[model_providers.a]\nenv_key = "A B"\n').environmentNames).toEqual([]);
});

test('I20 whatever stands in the file, reading it ends', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc
          .array(fc.constantFrom('"', "'", '"""', '[', ']', '{', '}', '\n', '#', '=', 'model', '.'))
          .map((parts) => parts.join('')),
      ),
      (text) => {
        expect(readUserConfig(text).environmentNames.length).toBeLessThan(51);
      },
    ),
  );
});

test('P10 texts are quoted so that TOML reads them back', () => {
  expect(tomlText('a"b\\c\n\u007F')).toBe(String.raw`"a\"b\\c\n\u007F"`);
});
