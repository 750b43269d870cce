import { expect, it } from 'vitest';
import { debianArchitecture } from '../../core/debian-architecture.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { definitions } from '../definition/table.ts';
import { guestHost } from './guest-host.ts';

it.each(definitions)('$name: gets packages of its own architecture', (definition) => {
  const { machine } = guestHost(fakeHost(), definition).system;
  expect(debianArchitecture(machine)).toBe(definition.kernel.architecture);
});
