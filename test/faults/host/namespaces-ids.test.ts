import { describeWith, needs } from '../../support/engines/requirements.ts';
import { confinedLaboratory } from '../../support/faults/confined.ts';
import { testFault } from '../../support/faults/fault.ts';
import { userLaboratory, type UserLaboratory } from '../../support/faults/machine.ts';
import { asUser } from '../../support/engines/user.ts';

/** What every engine without root begins with. */
const mapping = ['unshare', '--user', '--map-auto', '--map-root-user', 'true'] as const;

describeWith([needs.root, needs.testUser, needs.hostTable], 'ids that an ordinary user cannot map', () => {
  testFault<UserLaboratory>(userLaboratory, {
    name: 'newuidmap is not installed',
    cause: 'id-map-programs-missing',
    inject: ({ asRoot }) => asRoot(['mv', '/usr/bin/newuidmap', '/usr/bin/newuidmap.gone']),
    command: () => mapping,
    // What installing the package does, without a network.
    remedy: ({ asRoot }) => asRoot(['mv', '/usr/bin/newuidmap.gone', '/usr/bin/newuidmap']),
  });

  testFault<UserLaboratory>(userLaboratory, {
    name: 'newuidmap has lost its setuid bit',
    cause: 'id-map-programs-powerless',
    inject: ({ asRoot }) => asRoot(['chmod', 'u-s', '/usr/bin/newuidmap']),
    command: () => mapping,
    remedy: 'command',
  });

  testFault<UserLaboratory>(userLaboratory, {
    name: 'the user has no line in /etc/subuid and /etc/subgid',
    cause: 'subordinate-ids-missing',
    inject: ({ asRoot }) => asRoot(['sed', '-i', '/^anyarch-test:/d', '/etc/subuid', '/etc/subgid']),
    command: () => mapping,
    remedy: 'command',
  });

  testFault(() => confinedLaboratory({ place: asUser([]) }), {
    name: 'newuidmap is started with no_new_privs',
    cause: 'no-new-privs',
    inject: (laboratory) => laboratory.confine(['setpriv', '--no-new-privs', '--']),
    command: () => mapping,
    remedy: (laboratory) => laboratory.lift(),
  });
});
