import type { FakeHost } from '../../host/testing/index.ts';
import type { ScriptedResult } from '../../host/testing/fake-processes.ts';

/** What `docker info` of a healthy daemon on this machine prints, as far as it is read. */
export const healthyDocker = {
  ServerVersion: '28.2.2',
  OperatingSystem: 'Debian GNU/Linux 12',
  KernelVersion: '6.18.0',
  DefaultRuntime: 'runc',
  Runtimes: { runc: { path: 'runc' } },
  Driver: 'overlay2',
  DockerRootDir: '/var/lib/docker',
  SecurityOptions: ['name=seccomp,profile=builtin'],
};

export const dockerPath = '/usr/bin/docker';

/** A docker client in PATH that is answered by `info`; everything else that it is asked is answered with nothing. */
export function installDocker(host: FakeHost, info: object | ScriptedResult = healthyDocker): void {
  host.addProgram(dockerPath);
  const isResult = 'exitCode' in info || 'timedOut' in info;
  host.processes.on([dockerPath], { exitCode: 1, stderr: 'not scripted' });
  host.processes.on([dockerPath, 'context'], { stdout: 'unix:///var/run/docker.sock\n' });
  host.processes.on([dockerPath, 'info'], isResult ? info : { stdout: JSON.stringify(info) });
}

/** An image that docker has. @param program what its /bin/sh is copied out as; undefined: it cannot be */
export function addImage(host: FakeHost, reference: string, platform: string, program?: Uint8Array): void {
  const [Os, Architecture, Variant] = platform.split('/');
  const document = [{ Id: 'sha256:1', Os, Architecture, Variant, Config: { Cmd: ['/bin/sh'] } }];
  host.processes.on([dockerPath, 'image', 'inspect', '--', reference], { stdout: JSON.stringify(document) });
  host.processes.on([dockerPath, 'create'], { stdout: 'c0ffee\n' });
  host.processes.on([dockerPath, 'rm'], {});
  // A shell cuts what the engine copies.
  host.processes.on(['sh', '-c'], (command) => {
    const [archive = ''] = command.slice(3);
    host.files.addFile(archive, program === undefined ? '' : archiveOf(program));
    return program === undefined ? { stderr: 'Error: No such container:path: c0ffee:/bin/sh\n' } : {};
  });
}

/** With as much of a tar header as is read. */
function archiveOf(program: Uint8Array): Uint8Array {
  const archive = new Uint8Array(512 + program.length);
  archive.set(new TextEncoder().encode(`${program.length.toString(8).padStart(11, '0')}\0`), 124);
  archive[156] = 0x30;
  archive.set(program, 512);
  return archive;
}
