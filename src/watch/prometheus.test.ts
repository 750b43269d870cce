import fc from 'fast-check';
import { expect, it } from 'vitest';
import { metricsOf } from './metrics.ts';
import { renderMetrics, type Metric } from './prometheus.ts';
import { watchedHost } from './testing/watched-host.ts';

/** By the grammar of the text format 0.0.4, written against its description and not against the renderer. */
function parse(text: string): { name: string; labels: Record<string, string>; value: number }[] {
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => !line.startsWith('# '))
    .map((line) => {
      const [, name = '', inner = '', value = ''] =
        /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (\S+)$/.exec(line) ?? [];
      const labels: Record<string, string> = {};
      for (const [, label = '', raw = ''] of inner.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/g))
        labels[label] = raw.replace(/\\(.)/g, (_, character: string) =>
          character === 'n' ? '\n' : character,
        );
      return { name, labels, value: Number(value) };
    });
}

it('renders what a parser reads back, whatever the labels hold', () => {
  const labels = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string({ unit: 'grapheme' }), {
    maxKeys: 3,
  });
  const sample = fc.record({ labels, value: fc.double({ noNaN: true, noDefaultInfinity: true }) });
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 4 }), fc.string(), (samples, help) => {
      const metric: Metric = { name: 'anyarch_x', type: 'gauge', help, samples };
      const text = renderMetrics([metric]);
      expect(text.endsWith('\n')).toBe(true);
      expect(parse(text)).toEqual(
        samples.map((one) => ({
          name: 'anyarch_x',
          labels: { ...one.labels },
          value: one.value === 0 ? 0 : one.value,
        })),
      );
    }),
  );
});

it('tells of everything that is watched', () => {
  const { register, poll, control, memory } = watchedHost();
  register('arm64', 'riscv64');
  poll();
  control('qemu-aarch64', '-1');
  poll();
  control('qemu-riscv64', '0');
  poll();
  const samples = parse(renderMetrics(metricsOf(memory, '1.2.3')));
  const valueOf = (name: string, architecture?: string) =>
    samples.find((one) => one.name === name && one.labels['architecture'] === architecture)?.value;
  expect(samples[0]).toEqual({ name: 'anyarch_build_info', labels: { version: '1.2.3' }, value: 1 });
  expect(valueOf('anyarch_binfmt_misc_enabled')).toBe(1);
  expect(valueOf('anyarch_registration_up', 'aarch64')).toBe(1);
  expect(valueOf('anyarch_registration_up', 'riscv64')).toBe(0);
  expect(valueOf('anyarch_reassertions_total', 'aarch64')).toBe(1);
  expect(valueOf('anyarch_watch_polls_total')).toBe(3);
  expect(valueOf('anyarch_watch_poll_duration_seconds_count')).toBe(3);
  expect(valueOf('anyarch_registration_probe_timestamp_seconds', 'aarch64')).toBeGreaterThan(1.7e9);
});
