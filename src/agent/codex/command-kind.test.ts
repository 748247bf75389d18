import { expect, test } from 'vitest';
import { bareCommand, commandKind } from './command-kind.ts';

test('C4 what a command is for, by Codex’s word and by its text', () => {
  const kinds: [command: string, kind: string, actions?: unknown][] = [
    ['anything', 'read', [{ type: 'read' }, { type: 'search' }]],
    ['make', 'run', [{ type: 'unknown' }]],
    ['cat a | head -5 && ls', 'read'],
    ['rg -n foo src 2>/dev/null', 'read'],
    ['git status', 'read'],
    ['git --no-pager log -3', 'read'],
    ['git commit -m x', 'run'],
    ["sed -n '1,20p' a.ts", 'read'],
    ["sed -i 's/a/b/' a.ts", 'edit'],
    ["cat > a.ts <<'EOF'\nx\nEOF", 'edit'],
    ['cat $(rm x)', 'run'],
    ['find . -delete', 'run'],
    ['cat a; npm test', 'run'],
    ['sleep 5; echo done', 'wait'],
    ['npm test', 'run'],
    ['', 'read'],
  ];
  for (const [command, kind, actions] of kinds) expect(commandKind(command, actions), command).toBe(kind);
});

test('C4 the shell around a command is no part of it, and what differs goes on differing', () => {
  expect(bareCommand("/bin/bash -lc 'cat x'")).toBe('cat x');
  expect(bareCommand('bash -c "echo \\"a\\" \\$B"')).toBe('echo "a" $B');
  expect(bareCommand('/usr/bin/zsh -lc ls')).toBe('ls');
  expect(bareCommand(`/bin/bash -lc 'it'"'"'s'`)).toBe(`'it'"'"'s'`);
  expect(bareCommand('make test')).toBe('make test');
});
