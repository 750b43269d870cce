import type { ToolPatterns } from '../message-pattern.ts';
import { noMoreProcesses } from '../no-more-processes.ts';

/** The C library's and Go's words for an errno, whoever prints them; most stand in many harmless lines, too. */
export const errno: ToolPatterns = {
  tool: undefined,
  patterns: [
    {
      line: /exec(?:utable)? format error|\bENOEXEC\b/i,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['something: Exec format error', 'execve: ENOEXEC'],
    },
    {
      line: /too many levels of symbolic links|\bELOOP\b/i,
      symptoms: ['too-many-links'],
      examples: ['/bin/true: Too many levels of symbolic links'],
    },
    {
      line: /no such file or directory|\bENOENT\b|\bexit (?:code|status):? 127\b/i,
      symptoms: ['no-such-file'],
      precision: 'vague',
      examples: ['x: No such file or directory', 'exit status 127'],
    },
    {
      line: /permission denied|\bEACCES\b/i,
      symptoms: ['permission-denied'],
      precision: 'vague',
      examples: ['x: Permission denied'],
    },
    {
      line: /(?:unshare|clone|setns|pivot_root|mount)\b.*(?:operation not permitted|permission denied|\bEPERM\b)/i,
      symptoms: ['namespace-refused'],
      examples: ['clone(CLONE_NEWUSER): Operation not permitted'],
    },
    {
      line: /l?chown\b.*invalid argument/i,
      symptoms: ['ids-not-mapped'],
      examples: ['tar: x: Cannot chown: Invalid argument: lchown /etc/x: invalid argument'],
    },
    {
      line: /no space left on device|disk quota exceeded|\bENOSPC\b/i,
      symptoms: ['no-space'],
      examples: ['write /var/lib/x: no space left on device'],
    },
    {
      line: /cannot allocate memory|\bout of memory\b|\bENOMEM\b|virtual memory exhausted|\bbad_alloc\b|\bexit (?:code|status):? 137\b/i,
      symptoms: ['out-of-memory'],
      examples: ['fork: Cannot allocate memory', 'exited with exit code 137'],
    },
    {
      line: noMoreProcesses,
      symptoms: ['out-of-memory'],
      examples: [
        'bash: fork: retry: Resource temporarily unavailable',
        'sh: 1: Cannot fork',
        'zsh: fork failed: resource temporarily unavailable',
        "Can't fork, trying again in 5 seconds at x line 1.",
        'error: cannot fork() for git-remote-https: Resource temporarily unavailable',
        'sh: 1: ./hello: Resource temporarily unavailable',
        'make: /bin/sh: Resource temporarily unavailable',
        'make[2]: vfork: Resource temporarily unavailable',
        'ninja: fatal: posix_spawn: Resource temporarily unavailable',
        'exec /bin/uname: resource temporarily unavailable',
        "RuntimeError: can't start new thread",
        'Error: spawn /bin/sh EAGAIN',
        'setpriv: failed to execute ./hello: Resource temporarily unavailable',
        'sudo: unable to execute ./hello: Resource temporarily unavailable',
        "env: './hello': Resource temporarily unavailable",
        '/bin/bash: line 1: ./hello: Resource temporarily unavailable',
        'su: cannot set user id: Resource temporarily unavailable',
        'fork/exec ./hello: resource temporarily unavailable',
        'runtime/cgo: pthread_create failed: Resource temporarily unavailable',
        'runtime: failed to create new OS thread (have 2 already; errno=11)',
        'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached',
        '[warning][os,thread] Failed to start thread "x" - pthread_create failed (EAGAIN) for attributes',
      ],
    },
    {
      line: /function not implemented|\bENOSYS\b|bad system call/i,
      symptoms: ['system-call-missing'],
      examples: ['io_uring_setup: Function not implemented', 'Bad system call (core dumped)'],
    },
    {
      // openat2 and statx of older emulators and seccomp profiles.
      line: /cannot (?:open|stat|utime): (?:invalid argument|function not implemented)/i,
      symptoms: ['system-call-missing'],
      examples: ['tar: usr/bin/x: Cannot open: Invalid argument'],
    },
    {
      line: /segmentation fault|\bSIGSEGV\b|\bcore dumped\b|\bSIGABRT\b|\bSIGBUS\b|\bexit (?:code|status):? 13[459]\b/i,
      symptoms: ['guest-crash'],
      examples: ['Segmentation fault (core dumped)', 'exit code: 139'],
    },
    {
      line: /illegal instruction|\bSIGILL\b|\bexit (?:code|status):? 132\b/i,
      symptoms: ['illegal-instruction', 'guest-crash'],
      examples: ['Illegal instruction (core dumped)'],
    },
    {
      // glibc's translations: German, French, Spanish, Japanese, simplified Chinese.
      line: /Fehler im Format der Programmdatei|Erreur de format pour exec\(\)|[Ff]ormato de ejecutable incorrecto|実行形式エラー|可执行文件格式错误/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        'bash: ./hello: Kann die Binärdatei nicht ausführen: Fehler im Format der Programmdatei',
        'bash: ./hello : impossible d’exécuter le fichier binaire : Erreur de format pour exec()',
        'bash: ./hello: no se puede ejecutar: Formato de ejecutable incorrecto',
        'bash: ./hello: バイナリファイルを実行できません: 実行形式エラー',
        'bash: ./hello: 无法执行：可执行文件格式错误',
      ],
    },
    {
      line: /Datei oder Verzeichnis nicht gefunden|Aucun fichier ou dossier de ce (?:type|nom)|No existe el (?:fichero|archivo) o el directorio|そのようなファイルやディレクトリはありません|没有那个文件或目录/,
      symptoms: ['no-such-file'],
      precision: 'vague',
      examples: ['bash: ./hello: Datei oder Verzeichnis nicht gefunden', 'bash: ./hello: 没有那个文件或目录'],
    },
    {
      line: /Keine Berechtigung|Permission non accordée|Permiso denegado|許可がありません|权限不够/,
      symptoms: ['permission-denied'],
      precision: 'vague',
      examples: ['bash: ./hello: Keine Berechtigung', 'bash: ./hello: 权限不够'],
    },
    {
      line: /Zu viele Ebenen aus symbolischen Links|Trop de niveaux de liens symboliques|Demasiados niveles de enlaces simbólicos|シンボリックリンクの階層が多すぎます|符号连接的层数过多/,
      symptoms: ['too-many-links'],
      examples: ['/bin/true: Zu viele Ebenen aus symbolischen Links'],
    },
  ],
};
