import { expect, it } from 'vitest';
import { watchOptions } from './watch-options.ts';

const at = { from: '/here', version: '1' };

it('has defaults', () => {
  expect(watchOptions({}, [], at)).toMatchObject({
    architectures: [],
    intervalMs: 5000,
    probeIntervalMs: 600_000,
    once: false,
  });
  expect(watchOptions({ 'metrics-file': 'a.prom' }, ['arm64,s390x'], at)).toMatchObject({
    architectures: ['aarch64', 's390x'],
    metricsFile: '/here/a.prom',
  });
});

it.each([
  ['interval', '0.4'],
  ['interval', '1e3'],
  ['interval', '-1'],
  ['interval', ''],
  ['probe-interval', '100000'],
  ['metrics-file', ''],
])('refuses --%s "%s"', (name, value) => {
  expect(() => watchOptions({ [name]: value }, [], at)).toThrowWithCode('ANYARCH_USAGE');
});

it('refuses what is no architecture at once', () => {
  expect(() => watchOptions({}, ['amiga'], at)).toThrowWithCode('ANYARCH_UNKNOWN_ARCHITECTURE');
  expect(watchOptions({ interval: '0.5', 'probe-interval': '0' }, [], at)).toMatchObject({
    intervalMs: 500,
    probeIntervalMs: 0,
  });
});
