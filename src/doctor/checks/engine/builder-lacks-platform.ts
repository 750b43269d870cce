import { lookUpArchitecture } from '../../../core/architecture.ts';
import { defineCheck } from '../../check.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import { architecturesToTry } from '../../facts/engines/engine-probe.ts';
import { builder } from '../../facts/engines/builder.ts';
import { commandName } from '../../remedies/register.ts';

/** QEMU's target names of what BuildKit looks for; of others no builder ever lists one (util/archutil/detect.go). */
const detected: readonly string[] = [
  ...['x86_64', 'i386', 'aarch64', 'arm', 'riscv64', 'ppc64le', 's390x', 'loongarch64', 'mips64', 'mips64el'],
];

export const builderLacksPlatform = defineCheck({
  id: 'builder-lacks-platform',
  question: 'Does the builder of docker buildx know the platforms?',
  severity: 'warning',
  explanation:
    'BuildKit finds out what it can execute when its builder starts. A builder that is older than the registration does not list the new platform and may refuse it, until it is started again.',
  remedy: 'docker restart buildx_buildkit_NAME0, or: docker buildx rm NAME and create it again',
  symptoms: ['exec-format-error', 'wrong-platform'],
  scopes: ['docker'],
  references: ['https://github.com/docker/buildx/issues/495'],
  examine: (examination) => {
    const found = builder(examination);
    if (found === undefined) return { status: 'skipped', reason: 'docker has no buildx that answers' };
    const { name, driver, platforms, containers } = found;
    if (driver === undefined || platforms.length === 0)
      return { status: 'unknown', reason: 'docker buildx inspect names neither driver nor platforms' };
    const known = new Set(platforms.map((one) => lookUpArchitecture(one)?.name));
    const evidence = [`builder ${name}, driver ${driver}: ${platforms.join(', ')}`];
    const wanted = architecturesToTry(examination).filter((one) => detected.includes(one));
    const missing = wanted.filter((one) => !known.has(one));
    if (missing.length === 0) return { status: 'ok', evidence };
    const [container] = containers;
    const isAsked = foreignConcerned(examination).some((one) => missing.includes(one));
    return {
      status: 'fault',
      severity: isAsked ? 'warning' : 'note',
      certainty: 'possible',
      summary: `the builder ${name} does not list ${missing.map(commandName).join(', ')}`,
      evidence,
      architectures: missing,
      remedies: [
        container === undefined
          ? {
              does: 'start the daemon again',
              command: ['systemctl', 'restart', 'docker'],
              by: 'user',
              needsRoot: true,
            }
          : { does: 'start the builder again', command: ['docker', 'restart', container], by: 'user' },
      ],
    };
  },
});
