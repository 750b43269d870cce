// Started by index.ts in namespaces of its own, with the order as its argument; prints the sections.
import { tablePath } from '../binfmt-table.ts';
import { measure, type MeasureOptions } from '../measure.ts';
import { runProgram } from '../programs.ts';
import type { Section } from '../section.ts';
import { enterRoot } from './mounts.ts';
import { anyarchImage } from './peers/anyarch-image.ts';
import { binfmtImage } from './peers/binfmt-image.ts';
import { scriptImage } from './peers/script-image.ts';
import { rootOf } from './roots/index.ts';
import type { Stage } from './stage.ts';
import { starters } from './starting.ts';
import { eightTargets } from './targets.ts';

export type Order = MeasureOptions & { readonly stage: Stage };

const { stage, ...options } = JSON.parse(process.argv[2] ?? '') as Order;
runProgram(['mount', '-t', 'binfmt_misc', 'binfmt_misc', tablePath]);
enterRoot(stage.own.root, undefined);
for (const peer of [stage.binfmt, stage.busybox, stage.debian]) {
  const root = rootOf(peer);
  if (root !== undefined) enterRoot(root.directory, stage.own.emulators);
}

const registering = 'anyarch register';
const sections: Section[] = [
  {
    title: 'Starting the program',
    measurements: await measure(starters(stage), options),
    baselines: ['anyarch --version'],
  },
  {
    title: `Registering ${eightTargets.length} targets`,
    measurements: await measure(
      [
        anyarchImage(stage, ['register', ...eightTargets], { name: registering }),
        anyarchImage(stage, ['--install', 'all'], { name: 'anyarch --install all', dialect: 'binfmt' }),
        binfmtImage(stage),
        scriptImage(stage, stage.busybox, 'some'),
        scriptImage(stage, stage.debian, 'some'),
      ],
      options,
    ),
    baselines: [registering],
  },
  {
    title: 'Registering all foreign targets',
    measurements: await measure(
      [
        anyarchImage(stage, ['register', 'all'], { name: registering }),
        anyarchImage(stage, ['--reset', '-p', 'yes'], {
          name: 'anyarch --reset -p yes',
          dialect: 'multiarch',
        }),
        {
          ...anyarchImage(stage, ['register', 'all', '--dry-run'], { name: 'anyarch register --dry-run' }),
          check: () => 'plans, writes nothing',
        },
        scriptImage(stage, stage.busybox, 'all'),
        scriptImage(stage, stage.debian, 'all'),
      ],
      options,
    ),
    baselines: [registering],
  },
];
process.stdout.write(JSON.stringify(sections));
