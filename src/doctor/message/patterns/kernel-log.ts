import type { ToolPatterns } from '../message-pattern.ts';

/** dmesg, the audit log. */
export const kernelLog: ToolPatterns = {
  tool: 'kernel',
  patterns: [
    {
      line: /avc: +denied +\{[^}]*\} .*?(?:path|name)="?(?<program>[^"\s]+)|avc: +denied/,
      symptoms: ['permission-denied', 'runs-nothing'],
      precision: 'exact',
      examples: [
        'type=AVC msg=audit(1700000000.1:23): avc:  denied  { read execute } for  pid=1 comm="uname" path="/usr/bin/qemu-aarch64-static" dev="overlay" ino=2 scontext=system_u:system_r:container_t:s0:c1,c2 tcontext=system_u:object_r:container_file_t:s0:c1022,c1023 tclass=file permissive=0',
      ],
    },
    {
      line: /apparmor="DENIED".*(?:userns_create|class="namespace")/,
      symptoms: ['namespace-refused'],
      precision: 'exact',
      examples: [
        'audit: type=1400 audit(1.2:3): apparmor="DENIED" operation="userns_create" class="namespace" profile="unconfined" comm="unshare"',
      ],
    },
    {
      line: /apparmor="DENIED"/,
      symptoms: ['permission-denied'],
      precision: 'errno',
      examples: [
        'audit: type=1400 audit(1.2:3): apparmor="DENIED" operation="exec" profile="docker-default"',
      ],
    },
    {
      line: /type=(?:SECCOMP|1326)\b/,
      symptoms: ['system-call-missing', 'guest-crash'],
      precision: 'exact',
      examples: [
        'audit: type=1326 audit(1.2:3): auid=0 comm="qemu-aarch64" sig=31 arch=c000003e syscall=272 compat=0',
      ],
    },
    {
      line: /Out of memory: Killed process|Memory cgroup out of memory|oom-kill:|OOMKilled|oom_kill/,
      symptoms: ['out-of-memory'],
      precision: 'exact',
      examples: [
        'Memory cgroup out of memory: Killed process 123 (qemu-aarch64) total-vm:1kB',
        'reason: OOMKilled',
      ],
    },
    {
      line: /(?:qemu-(?<architecture>\w+?)(?:-static)?|\w+)\[\d+\]: segfault at|traps: \S+\[\d+\] (?:general protection|trap invalid opcode)/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: [
        'qemu-aarch64[1234]: segfault at 20 ip 00000000 sp 00000000 error 4 in qemu-aarch64[400000+1000]',
      ],
    },
    {
      line: /binfmt_misc: register: failed to install interpreter file (?<program>\S+)/,
      symptoms: ['registration-refused'],
      precision: 'exact',
      examples: ['binfmt_misc: register: failed to install interpreter file /usr/bin/qemu-aarch64'],
    },
  ],
};
