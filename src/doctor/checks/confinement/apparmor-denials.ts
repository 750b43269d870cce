import { defineCheck } from '../../check.ts';
import { isAboutEmulation } from '../../facts/about-emulation.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { loggedDenials } from '../../facts/denials.ts';
import type { Symptom } from '../../symptom.ts';

const symptoms: readonly Symptom[] = ['permission-denied', 'namespace-refused', 'registration-refused'];

export const apparmorDenials = defineCheck({
  id: 'apparmor-denials',
  question: "Is the kernel's log free of AppArmor's refusals to emulators?",
  severity: 'error',
  explanation:
    'AppArmor checks what a profile names: an emulator that a profile does not let a program execute is "permission denied", although its mode allows it; profiles of containers (docker-default) refuse mounts and writes below /proc/sys, so that nothing can be registered from there.',
  remedy:
    '--security-opt apparmor=unconfined for a container; aa-complain PROFILE for a program, to see what it needs',
  symptoms,
  references: ['https://docs.docker.com/engine/security/apparmor/'],
  examine: (examination) => {
    const { denials, read, unread } = loggedDenials(examination);
    const found = denials.filter(
      (one) =>
        one.by === 'apparmor' &&
        (isAboutEmulation(one, examination) || one.refused.includes('userns_create')),
    );
    const last = found.at(-1);
    if (last === undefined)
      return read.length === 0
        ? { status: 'unknown', reason: `no log could be read: ${unread.join('; ')}` }
        : { status: 'ok', evidence: [`no such refusal since the boot in ${read.join(', ')}`] };
    const isAsked = isAskedAbout(examination, symptoms);
    const profile = last.fields.get('profile') ?? 'unknown';
    return {
      status: 'fault',
      severity: isAsked ? 'error' : 'note',
      certainty: isAsked ? 'likely' : 'possible',
      summary:
        `AppArmor's profile ${profile} refuses ${last.fields.get('comm') ?? 'a program'} ${last.refused.join(', ')} ${last.fields.get('name') ?? ''}`.trim(),
      evidence: found.slice(-3).map(({ line }) => line),
      remedies: [
        {
          does: 'start the container with --security-opt apparmor=unconfined, or have the profile allow it: aa-complain shows what it needs',
          by: 'user',
          needsRoot: true,
        },
      ],
    };
  },
});
