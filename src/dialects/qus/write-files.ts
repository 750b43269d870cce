import type { Host } from '../../host/host.ts';
import type { DialectOutcome } from '../dialect.ts';
import { exportTemplates } from '../multiarch/export-templates.ts';
import type { ScriptWish } from './options.ts';

/**
 * Writes files for systemd-binfmt or update-binfmts, and nothing into the table. With `test` nothing at all.
 *
 * @throws AnyarchError what exporting throws
 */
export function writeFiles(host: Host, kind: 'systemd' | 'debian', wish: ScriptWish): DialectOutcome {
  if (wish.test) return { exitCode: 0, stdout: '', stderr: '' };
  const targets = wish.targets.length === 0 ? ['ALL'] : wish.targets;
  const outcomes = targets.map((target) => {
    const templates = { kind, target, directory: wish.exportDirectory };
    const {
      path: qemuPath,
      suffix: qemuSuffix,
      persistent: fixBinary,
      credentials,
      preserveArgv0,
      machine,
    } = wish;
    const asMultiarch = {
      help: false,
      reset: false,
      templates,
      qemuPath,
      qemuSuffix,
      fixBinary,
      credentials,
      preserveArgv0,
      ignoreFamily: false,
      machine,
      ignored: [],
    };
    return exportTemplates(host, asMultiarch, templates);
  });
  return { exitCode: 0, stdout: outcomes.map(({ stdout }) => stdout).join(''), stderr: '' };
}
