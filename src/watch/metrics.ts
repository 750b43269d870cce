import { isUp, type Memory } from './memory.ts';
import type { Metric, Sample } from './prometheus.ts';

/** What a watch has to tell, by Prometheus' conventions for names. */
export function metricsOf(memory: Memory, version: string): readonly Metric[] {
  const { counters, wanted, situations, proofs } = memory;
  const architectures = wanted.map(({ architecture }) => architecture);
  return [
    gauge('anyarch_build_info', 'The anyarch that watches; always 1.', [{ labels: { version }, value: 1 }]),
    gauge('anyarch_binfmt_misc_enabled', 'Whether the table is mounted and switched on.', [
      { value: memory.tableTrouble === undefined && counters.polls > 0 ? 1 : 0 },
    ]),
    gauge(
      'anyarch_registration_up',
      'Whether programs of the architecture run, by the table and the last probe.',
      architectures.map((architecture) => ({
        labels: { architecture, entry: situations.get(architecture)?.entry ?? '' },
        value: isUp(memory, architecture) ? 1 : 0,
      })),
    ),
    gauge(
      'anyarch_registration_probe_timestamp_seconds',
      'When a probe of the architecture was executed last.',
      architectures.flatMap((architecture): Sample[] => {
        const proof = proofs.get(architecture);
        return proof === undefined ? [] : [{ labels: { architecture }, value: proof.at / 1000 }];
      }),
    ),
    gauge(
      'anyarch_registration_probe_success',
      'Whether the last probe of the architecture ran.',
      architectures.flatMap((architecture): Sample[] => {
        const proof = proofs.get(architecture);
        return proof === undefined ? [] : [{ labels: { architecture }, value: proof.isProven ? 1 : 0 }];
      }),
    ),
    counter(
      'anyarch_reassertions_total',
      'Registrations that were put right, by what was wrong.',
      [...counters.reassertions].flatMap(([architecture, byReason]) =>
        [...byReason].map(([reason, value]) => ({ labels: { architecture, reason }, value })),
      ),
    ),
    counter('anyarch_watch_polls_total', 'Looks at the table.', [{ value: counters.polls }]),
    {
      name: 'anyarch_watch_poll_duration_seconds',
      type: 'summary',
      help: 'What the looks took, with what they led to.',
      samples: [
        { suffix: '_sum', value: counters.pollMs / 1000 },
        { suffix: '_count', value: counters.polls },
      ],
    },
    gauge('anyarch_watch_last_poll_timestamp_seconds', 'When the table was looked at last.', [
      { value: counters.lastPollAt / 1000 },
    ]),
    counter(
      'anyarch_watch_errors_total',
      'What failed, by error code.',
      [...counters.errors].map(([code, value]) => ({ labels: { code }, value })),
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: 'counter', help, samples };
}
