import { describe, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../../host/testing/fake-host.ts';
import type { ScriptedResult } from '../../host/testing/fake-processes.ts';
import { findDefinition } from '../definition/table.ts';
import { chooseAccelerator } from './choose-accelerator.ts';

const tools = {
  qemu: { words: ['/q'], file: '/q', version: '10.0.13', sha256: '', hasSandbox: true },
  environment: {},
};

function hostWith(result?: ScriptedResult): FakeHost {
  const host = fakeHost();
  host.files.makeDirectory('/dev');
  if (result !== undefined) {
    host.files.writeAtomic('/dev/kvm', new Uint8Array());
    host.processes.on(['/q'], result);
  }
  return host;
}

const choose = (host: FakeHost, name = 'amd64') => chooseAccelerator(host, findDefinition(name), tools);

describe('chooseAccelerator', () => {
  it('takes KVM when a guest has run by it', () => {
    const host = hostWith({ exitCode: 3, stdout: 'K' });
    expect(choose(host).accelerator).toBe('kvm');
    expect(host.processes.runs[0]?.command).toContain('kvm');
    // Nothing is left of the payload.
    expect(host.files.list('/var/lib/anyarch/machine-probes')).toEqual([]);
  });

  it.each<readonly [string, ScriptedResult, string]>([
    ['ends with another code', { exitCode: 1, stdout: 'K' }, 'exit code 1'],
    [
      'is killed',
      { exitCode: undefined, signal: 'SIGABRT', stderr: 'Assertion failed\n' },
      'Assertion failed',
    ],
    ['says nothing', { exitCode: 3 }, 'does not start'],
    ['hangs', { exitCode: undefined, signal: 'SIGKILL', timedOut: true }, 'does not get anywhere'],
  ])('falls back, and says why, when the guest %s', (_, result, reason) => {
    const chosen = choose(hostWith(result));
    expect(chosen).toMatchObject({ accelerator: 'tcg', isFallback: true });
    expect(chosen.reason).toContain(reason);
  });

  it('says that there is no KVM', () => {
    expect(choose(hostWith())).toMatchObject({
      accelerator: 'tcg',
      isFallback: true,
      reason: 'there is no /dev/kvm',
    });
  });

  it('does not even try for other architectures', () => {
    const host = hostWith({ exitCode: 0, stdout: 'K' });
    expect(choose(host, 'arm64')).toMatchObject({ accelerator: 'tcg', isFallback: false });
    expect(host.processes.runs).toEqual([]);
  });
});
