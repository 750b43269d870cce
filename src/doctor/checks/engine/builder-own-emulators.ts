import { defineCheck } from '../../check.ts';
import { builder } from '../../facts/engines/builder.ts';

export const builderOwnEmulators = defineCheck({
  id: 'builder-own-emulators',
  question: "Are builds emulated by this machine's emulators?",
  severity: 'note',
  explanation:
    "A builder of the driver docker-container runs BuildKit's image, which brings QEMU binaries of its own (buildkit-qemu-ARCH): where the kernel has no entry for a platform, builds run by those, of another version than what is registered here, and `docker run` fails where `docker buildx build` worked.",
  remedy: "anyarch register ARCH: the kernel's entries go before BuildKit's own emulators",
  symptoms: ['guest-crash', 'guest-hang', 'slow'],
  scopes: ['docker'],
  references: ['https://docs.docker.com/build/building/multi-platform/#qemu'],
  examine: (examination) => {
    const found = builder(examination);
    if (found === undefined) return { status: 'skipped', reason: 'docker has no buildx that answers' };
    const evidence = [`builder ${found.name}, driver ${found.driver ?? 'unknown'}`];
    if (found.driver !== 'docker-container') return { status: 'ok', evidence };
    return {
      status: 'fault',
      severity: 'note',
      certainty: 'possible',
      summary: `the builder ${found.name} has emulators of its own for what is not registered`,
      evidence,
      remedies: [
        {
          does: "register, so that the kernel's entries are used",
          command: ['anyarch', 'register'],
          by: 'user',
          needsRoot: true,
        },
      ],
    };
  },
});
