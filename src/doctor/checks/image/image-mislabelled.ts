import { lookUpArchitecture, sameFamily, type Architecture } from '../../../core/architecture.ts';
import { defineCheck } from '../../check.ts';
import { engineImage, platformOf, type EngineImage } from '../../facts/image/engine-image.ts';
import { declaredArchitecture, imageProgram } from '../../facts/image/image-program.ts';
import { commandName } from '../../remedies/register.ts';
import type { Remedy } from '../../verdict.ts';

export const imageMislabelled = defineCheck({
  id: 'image-mislabelled',
  question: "Are the image's programs of the platform that it says it is for?",
  severity: 'error',
  explanation:
    'An image says in its configuration what it is for, and nobody compares that with its programs. `docker import --platform` of Docker before 23 writes the daemon\'s own platform whatever is asked for, and so do Dockerfiles that copy foreign files onto a base of another platform: the image is then not found for its real platform, or its programs fail with "exec format error" although no platform was mentioned.',
  remedy: 'make it anew with its platform: FROM scratch, ADD rootfs.tar /, built with --platform',
  symptoms: ['wrong-platform', 'image-not-found', 'exec-format-error'],
  references: ['https://github.com/moby/moby/pull/43103'],
  examine: (examination) => {
    const image = engineImage(examination);
    if (image?.state !== 'found') return { status: 'skipped', reason: 'no image of an engine was found' };
    const program = imageProgram(examination);
    if (program === undefined || 'reason' in program)
      return { status: 'unknown', reason: program?.reason ?? 'it was not looked into' };
    const declared = declaredArchitecture(image);
    const [said, real] = [declared, program.architecture].map((one) => lookUpArchitecture(one ?? ''));
    const evidence = [
      `its configuration says ${platformOf(image)}`,
      `${program.path} in it is a program for ${commandName(program.architecture)}`,
    ];
    if (real === undefined || (said !== undefined && mayContain(said, real)))
      return { status: 'ok', evidence };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `${image.reference} says that it is for ${platformOf(image)}, and its programs are for ${commandName(real.name)}`,
      evidence,
      architectures: [real.name],
      remedies: remedies(image, real.platforms[0] ?? `linux/${real.name}`),
    };
  },
});

/** Images of 64 bits have programs of 32 now and then; the other way round nothing would run. */
function mayContain(said: Architecture, real: Architecture): boolean {
  if (said === real) return true;
  const [whole, half] = [said.elf, real.elf];
  return (
    sameFamily(said, real) && whole.class === 64 && half.class === 32 && whole.endianness === half.endianness
  );
}

/** Docker stores what is asked for since 23 (moby#43103); podman has an option of its own. */
function remedies({ engine, reference }: EngineImage, platform: string): [Remedy, ...Remedy[]] {
  return [
    {
      does: `make it anew for ${platform} from its files: ${engine.name} export of a container of it, then a Dockerfile with FROM scratch and ADD of that archive, built with --platform ${platform}`,
      by: 'user',
    },
    {
      does: 'run it as it is, by what its programs are',
      command: [
        'anyarch',
        'run',
        '--image',
        `${engine.name === 'docker' ? 'docker-daemon' : 'containers-storage'}:${reference}`,
      ],
      by: 'user',
    },
  ];
}
