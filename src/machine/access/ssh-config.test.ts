import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sshCommand } from './ssh-command.ts';
import { sshConfig } from './ssh-config.ts';

const machine = {
  record: {
    id: '0198',
    name: 'demo',
    definition: 'arm64',
    access: { user: 'me', key: '/state of/50%/ssh/id_ed25519' },
  },
  places: { ssh: '/state of/50%/ssh' },
};
const at = { sshPort: 4711, sockets: '/run/m/1' };

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-ssh-config-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** What ssh makes of a file and words. */
function asSshReadsIt(words: readonly string[], others = ''): readonly string[] {
  const file = join(directory, 'config');
  writeFileSync(file, `${sshConfig(machine, at, 'anyarch-demo')}\nHost *\n${others}`);
  const { stdout, stderr, status } = spawnSync('ssh', ['-G', '-F', file, ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n');
}

it('leads ssh where anyarch goes itself', () => {
  const seen = asSshReadsIt(['anyarch-demo']);
  expect(seen).toContain('hostname 127.0.0.1');
  expect(seen).toContain('port 4711');
  expect(seen).toContain('user me');
  expect(seen).toContain('controlpath /run/m/1/ssh');
  const [program = '', ...words] = sshCommand(machine, at);
  const ours = spawnSync(program, ['-G', ...words], { encoding: 'utf8' }).stdout.split('\n');
  expect(seen).toContain('identityfile /state of/50%%/ssh/id_ed25519');
  for (const name of [
    'userknownhostsfile',
    'identityfile',
    'identityagent',
    'hostkeyalias',
    'ciphers',
    'batchmode',
  ])
    expect(seen.find((line) => line.startsWith(`${name} `))).toBe(
      ours.find((line) => line.startsWith(`${name} `)),
    );
});

it('is not led astray by what a person has for all hosts', () => {
  const others =
    '  ProxyJump bastion\n  ControlMaster auto\n  Port 2222\n  User somebody\n  StrictHostKeyChecking no\n';
  const seen = asSshReadsIt(['anyarch-demo'], others).join('\n');
  expect(seen).not.toMatch(/bastion|somebody|2222/);
  expect(seen).toMatch(/^controlmaster false$/m);
  expect(seen).toMatch(/^stricthostkeychecking true$/m);
  // The negative twin: another host is theirs.
  expect(asSshReadsIt(['other'], others).join('\n')).toMatch(/^user somebody$/m);
});
