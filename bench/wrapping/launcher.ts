import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '../../src/index.ts';
import { buildLauncher } from '../../src/core/launcher/build-launcher.ts';
import { launcherHostOf } from '../../src/core/launcher/find-launcher-host.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { namespaceProgram } from '../../src/run/program.ts';
import type { NamespaceSetup } from '../../src/run/setup.ts';
import type { Contender } from '../contender.ts';
import type { Library } from '../library.ts';

/** What `anyarch run` adds once Node has read the command line: namespaces, a table with these rules, the command. */
export function launcher(
  library: Library,
  {
    scratch,
    rules,
    identity,
  }: Pick<NamespaceSetup, 'scratch' | 'identity'> & { readonly rules: readonly Rule[] },
): Contender {
  const { machine, uid, gid } = nodeHost().system;
  const host = launcherHostOf(machine);
  if (host === undefined) throw new Error(`no launcher for ${machine}`);
  const program = namespaceProgram(
    host,
    {
      mapping: { kind: 'self', uid, gid },
      ...(identity === undefined ? {} : { identity }),
      isHostRoot: uid === 0,
      scratch: join(scratch, 'mount'),
      root: { kind: 'host' },
      rules: rules.map((rule) => ({ name: rule.name, text: library.formatRule(rule), optional: false })),
      binds: [],
      workingDirectory: '/',
    },
    ['/bin/true'],
    ['true'],
  );
  const name = identity === undefined ? 'the launcher of anyarch run' : '… with --keep-id';
  const path = join(scratch, identity === undefined ? 'launcher' : 'launcher-keeping');
  return {
    name,
    prepare: () => {
      mkdirSync(join(scratch, 'mount'), { recursive: true });
      writeFileSync(path, buildLauncher(host, program), { mode: 0o755 });
    },
    run: () => {
      const { status, output } = spawnSync(path, program.arguments, {
        stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      });
      // A record of a good end: nothing was refused, and the command exited with 0.
      const report = output[3] ?? Buffer.alloc(0);
      if (status !== 0 || report.length !== 8 || report.readInt32LE(4) !== 0)
        throw new Error(`${name}: exit code ${String(status)}, report ${report.toString('hex')}`);
      return undefined;
    },
  };
}
