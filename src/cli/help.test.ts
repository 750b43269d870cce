import { describe, expect, it } from 'vitest';
import { commands } from './commands/index.ts';
import { handlers } from './handlers/index.ts';
import { commandHelp, groupHelp, overview, sections } from './help.ts';
import { membersOf, parseCommandLine } from './parse.ts';
import { openTerminal } from './terminal.ts';

const { style } = openTerminal({}, {}, {});

// All that a command is made of is compiled here the first time: seconds beside other suites, which are no test's own.
const loaded = new Map<string, unknown>();
for (const { name } of commands) loaded.set(name, await handlers[name]());

describe('help', () => {
  it('lists every command once, by what it is for', () => {
    expect(overview(commands, style)).toMatchInlineSnapshot(`
      "anyarch makes a Linux machine run programs and containers of any CPU architecture.

      Usage: anyarch COMMAND [OPTION…] [ARGUMENT…]

      Run something now:
        run                 run a foreign program without privilege, engine or any change on the host
        exec                run one foreign program under an emulator, without any registration
        debug               start a foreign program under a debugger: gdb cannot trace inside of an emulation

      Containers without root:
        rootless enable     make your rootless engines run foreign containers, without root, now and for good
        rootless disable    undo "rootless enable"
        rootless status     show whether your rootless engines run foreign containers, found by probe

      Register for the whole machine:
        register            register emulators in the kernel, so that foreign programs and containers run (root)
        unregister          remove registrations of anyarch (root)
        release             give entries back that \`register --adopt\` took over (root)

      Look:
        status              show what the kernel runs foreign programs with
        explain             show what execve would do with a file here, and why
        doctor              find out why a foreign program or container does not run, and what to do

      Stay registered:
        persist enable      register emulators at each boot, and now (root)
        persist disable     register emulators at boot no longer (root)
        persist status      show what is registered at boot, and whether it will be in force
        export              write rules as files for systemd-binfmt or update-binfmts
        watch               keep registrations up: put right what others remove, disable or shadow (root)
        watch enable        install the watch as a service that starts at each boot (root)
        watch disable       stop the service and remove it (root)
        watch status        show whether the service is installed and at work

      Emulators:
        emulators list      list the emulators of this machine, and why others were rejected
        emulators fetch     fetch emulators from Debian's signed archive
        emulators verify    recompute the digests of the stored emulators

      Native tools in emulated builds:
        accelerate prepare  make native tools of a guest's versions, so that emulated builds run at near-native speed
        accelerate list     list the tool sets, what they serve and how large they are
        accelerate verify   recompute the digests of the tool tree
        accelerate remove   remove tool sets; running programs keep their files
        accelerate enable   have engines show containers the native tools, so that builds are emulated only where they must be
        accelerate disable  undo "accelerate enable"
        accelerate status   show the tool tree, which engines mount it, and what is missing for it to work
        accelerate report   tell what ran natively, what was emulated and why

      Container images:
        build               build an image for several platforms with docker, podman or buildah
        image build         build the container images, without an engine and without root
        image inspect       show what is in an image layout, an archive or a registry, and verify every digest
        image compare       compare two images file by file
        image from-disk     make a container image of the system on a virtual machine's disk
        image push          push images of an OCI layout to a registry
        image pull          pull an image from a registry into an OCI layout
        image list          list the images that are unpacked for "anyarch run --image"
        image verify        compare unpacked images, every byte, with what was unpacked
        image remove        remove unpacked images
        image prune         remove unpacked images that have not been used for a while

      Machines:
        machine create      make a virtual machine of any architecture, with a kernel of its own
        machine start       start a machine, and wait until it can be used
        machine shell       run a command in a machine, or the user's shell
        machine copy        copy files and directories into a machine, or out of it
        machine ssh-config  print how ssh, scp, rsync and editors reach a running machine
        machine console     tie this terminal to a machine's serial console
        machine list        list machines, and what each is doing
        machine show        show what a machine is made of, and how it is reached
        machine logs        print what a machine's console printed, or QEMU
        machine wait        wait until a running machine can be used, or has stopped
        machine stop        stop a machine: gracefully, then by force; or save it as it is
        machine restart     stop a machine, start it again, and wait until it can be used
        machine snapshot    keep a machine as it is now, and go back to it
        machine set         change a stopped machine's processors, memory, ports and directories
        machine resize      make a machine's disk larger, also while it runs
        machine remove      remove machines with their disks and snapshots
        machine prune       remove images, layers and programs that no machine needs
        machine xml         print a machine as a domain of libvirt, for virsh and virt-manager

      This program:
        uninstall           remove everything that anyarch made on this machine, and nothing else
        completion          print a shell completion script

      anyarch help COMMAND shows options and examples. Every command takes --json.
      Start here, without root: anyarch run -a s390x -- uname -m
      "
    `);
    const first = commands.map(({ name }) => name.split(' ')[0] ?? '');
    expect(sections.flatMap(({ words }) => words).toSorted()).toEqual([...new Set(first)].toSorted());
  });

  it('of a group lists its commands', () => {
    expect(groupHelp('persist', membersOf('persist', commands), style)).toMatchInlineSnapshot(`
      "Usage: anyarch persist COMMAND [OPTION…] [ARGUMENT…]

      Commands:
        persist enable   register emulators at each boot, and now (root)
        persist disable  register emulators at boot no longer (root)
        persist status   show what is registered at boot, and whether it will be in force

      anyarch help persist COMMAND shows options and examples.
      "
    `);
  });

  it('of a command that has others below it lists those, too', () => {
    const watch = commands.find(({ name }) => name === 'watch');
    expect(watch).toBeDefined();
    if (watch === undefined) return;
    const help = commandHelp(watch, membersOf('watch', commands), style);
    expect(help).toMatch(/^Further commands:\n {2}watch enable +install .*\n {2}watch disable/m);
  });

  it.each(commands.map((command) => [command.name, command] as const))(
    'of %s has examples that parse',
    (_name, command) => {
      const help = commandHelp(command, [], style);
      expect(command.examples.length).toBeGreaterThan(0);
      const words = command.examples.map((example) =>
        example.command.replace(/^.*?(sudo |\()?anyarch /, '').replace(/\)$/, ''),
      );
      for (const example of command.examples) expect(help).toContain(example.command);
      for (const line of words) expect(parseCommandLine(line.split(' '), commands).command).toBe(command);
    },
  );

  it.each(commands.map((command) => command.name))('%s has a handler', (name) => {
    expect(typeof loaded.get(name)).toBe('function');
  });
});
