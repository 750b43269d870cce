import { describe, expect, it } from 'vitest';
import { findArchitecture } from '../core/architecture.ts';
import { buildProbe } from '../core/probe/probe.ts';
import { fakeHost } from '../host/testing/index.ts';
import { programArchitecture } from './program-architecture.ts';

const declared = findArchitecture('amd64');

function look(files: Readonly<Record<string, string>>, program: string) {
  const host = fakeHost();
  for (const [path, architecture] of Object.entries(files))
    host.files.addFile(
      `/tree/${path}`,
      architecture === 'script' ? new TextEncoder().encode('#!/bin/sh\n') : buildProbe(architecture, 0),
    );
  const environment = ['PATH=/none:/app', 'X=1'];
  const { architecture, isOther } = programArchitecture(host.files, '/tree', program, environment, declared);
  return [architecture.name, isOther];
}

describe('programArchitecture', () => {
  it.each([
    ['what the image says', { 'app/run': 'x86_64' }, 'run', ['x86_64', false]],
    ['another one, by the program', { 'app/run': 'aarch64' }, 'run', ['aarch64', true]],
    ['another one, by its path', { 'opt/run': 'aarch64' }, '/opt/run', ['aarch64', true]],
    ['that of the shell, for a script', { 'app/run': 'script', 'bin/sh': 's390x' }, 'run', ['s390x', true]],
    ['a relative, which is no mistake', { 'app/run': 'i386' }, 'run', ['i386', false]],
    ['what the image says, where nothing tells', { 'app/run': 'script' }, 'run', ['x86_64', false]],
    ['what the image says, where there is nothing', {}, 'run', ['x86_64', false]],
  ] as const)('finds %s', (_what, files, program, expected) => {
    expect(look(files, program)).toEqual(expected);
  });
});
