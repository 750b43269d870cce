import { describeWith, needs } from '../../support/engines/requirements.ts';
import { confinedLaboratory, refusing } from '../../support/faults/confined.ts';
import { testFault } from '../../support/faults/fault.ts';
import { privateLaboratory } from '../../support/faults/laboratory.ts';
import { mustSucceed } from '../../support/faults/entries.ts';

describeWith([needs.root, needs.hostTable], 'user namespaces that are refused', () => {
  testFault(() => privateLaboratory(), {
    name: 'the limit of namespaces is 0',
    cause: 'user-namespaces-off',
    inject: (laboratory) => mustSucceed(laboratory, ['sysctl', '-w', 'user.max_user_namespaces=0']),
    command: () => ['unshare', '--user', 'true'],
  });

  testFault(() => confinedLaboratory({ place: [] }), {
    name: 'a filter refuses unshare, as the profiles of containers do',
    cause: 'user-namespaces-filtered',
    inject: async (laboratory) => {
      await laboratory.confine(await refusing('unshare'));
    },
    command: () => ['unshare', '--user', 'true'],
    remedy: (laboratory) => laboratory.lift(),
  });
});
