import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import {
  nativeArchitectures,
  readTable,
  withProver,
  withRegistrationLock,
  type Prover,
} from '../../registration/index.ts';
import type { Problem } from '../problem-list.ts';
import type { ConfiguredRule } from './configured-rule.ts';
import type { Done } from './done.ts';
import { watchNative } from './native-watch.ts';
import { writeRule } from './write-rule.ts';

/** Registers what is none of our own rules: other kinds of programs, other flags. The table is mounted. */
export function writeRules(host: Host, rules: readonly ConfiguredRule[]): Done {
  if (rules.length === 0) return { lines: [], problems: [] };
  const state = stateDirectory(host.system);
  return withRegistrationLock(host, state, () =>
    withProver(host, state, (prover) => writeLocked(host, rules, prover)),
  );
}

function writeLocked(host: Host, rules: readonly ConfiguredRule[], prover: Prover): Done {
  const watch = watchNative(prover, nativeArchitectures(host, readTable(host), prover));
  const lines: string[] = [];
  const problems: Problem[] = [];
  const written: string[] = [];
  for (const { file, rule, architecture } of rules) {
    try {
      lines.push(`${writeRule(host, rule, watch)} ${rule.name} ${rule.interpreter} (${file})`);
      if (architecture !== undefined && rule.flags.fixBinary) written.push(architecture.name);
    } catch (error) {
      if (!(error instanceof AnyarchError)) throw error;
      if (error.code === 'ANYARCH_NATIVE_ARCHITECTURE') lines.push(`left out ${rule.name}: ${error.message}`);
      else problems.push(problemOf(`${rule.name} (${file})`, error));
    }
  }
  for (const [architecture, proof] of prover.prove(written)) {
    if (proof.status !== 'failed') continue;
    const { reason, hint } = proof;
    problems.push({ subject: `qemu-${architecture}`, code: 'ANYARCH_PROBE_FAILED', message: reason, hint });
  }
  return { lines, problems };
}

function problemOf(subject: string, { code, message, hint }: AnyarchError): Problem {
  return { subject, code, message, hint };
}
