import { defineCheck } from '../../check.ts';
import { isAskedAbout, saysOneOf } from '../../facts/asked-about.ts';
import { processStatus } from '../../facts/process-status.ts';
import type { Symptom } from '../../symptom.ts';
import type { Remedy } from '../../verdict.ts';

const symptoms: readonly Symptom[] = ['setuid-without-effect', 'ids-not-mapped'];

export const noNewPrivs = defineCheck({
  id: 'no-new-privs',
  question: 'May programs gain privileges?',
  severity: 'error',
  explanation:
    'A process with no_new_privs, and all that it starts, gains nothing from setuid bits and file capabilities: sudo and su do not work, newuidmap maps nothing, and an emulator with flag C has no effect. Containers get it from --security-opt no-new-privileges, services from NoNewPrivileges=yes or DynamicUser=yes, sandboxes set it always.',
  remedy: 'start it without: no --security-opt no-new-privileges, no NoNewPrivileges=yes',
  symptoms,
  references: ['https://docs.kernel.org/userspace-api/no_new_privs.html'],
  examine: (examination) => {
    const { noNewPrivileges } = processStatus(examination);
    const isSaid = saysOneOf(examination, [/no.new.privileges/i, /no_new_privs/i]);
    if (isSaid)
      return {
        status: 'fault',
        severity: 'error',
        certainty: 'proven',
        summary: 'no_new_privs is set where the message comes from',
        evidence: ['the message says so'],
        remedies: [startWithout],
      };
    if (noNewPrivileges === undefined)
      return { status: 'unknown', reason: '/proc/self/status does not show NoNewPrivs' };
    if (!noNewPrivileges) return { status: 'ok', evidence: ['/proc/self/status: NoNewPrivs is 0'] };
    const isAsked = isAskedAbout(examination, symptoms);
    return {
      status: 'fault',
      severity: isAsked ? 'error' : 'note',
      certainty: isAsked ? 'likely' : 'possible',
      summary: 'no_new_privs is set for this process, so nothing that it starts gains privileges',
      evidence: ['/proc/self/status: NoNewPrivs is 1'],
      remedies: [startWithout],
    };
  },
});

const startWithout: Remedy = {
  does: 'start it without no_new_privs: a container without --security-opt no-new-privileges, a service without NoNewPrivileges=yes and DynamicUser=yes, a Kubernetes pod with allowPrivilegeEscalation: true',
  by: 'user',
};
