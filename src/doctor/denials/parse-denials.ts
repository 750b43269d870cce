/** Something that a security module or a filter refused, as the kernel's audit told it. */
export interface Denial {
  readonly by: 'selinux' | 'apparmor' | 'seccomp';
  /** What was refused: `read`, `execute`; AppArmor's operation; the number of the system call. */
  readonly refused: readonly string[];
  /** `comm`, `path`, `name`, `scontext`, `profile` …, decoded. */
  readonly fields: ReadonlyMap<string, string>;
  /** That it was only logged, not refused. */
  readonly isPermissive: boolean;
  /** Seconds since the epoch; undefined where the line does not tell. */
  readonly at: number | undefined;
  readonly line: string;
}

/**
 * The denials in a text: of audit.log (`type=AVC msg=audit(…): avc:  denied  { read } for …`), of the kernel's log
 * (`audit: type=1400 audit(…): …`), of ausearch, in whatever comes between. Lines that are none are left out.
 */
export function parseDenials(text: string): Denial[] {
  return text.split('\n').flatMap((line) => {
    const denial = parseLine(line.slice(0, longestLine));
    return denial === undefined ? [] : [denial];
  });
}

/** Audit records are shorter (MAX_AUDIT_MESSAGE_LENGTH is 8970). */
const longestLine = 9000;

function parseLine(line: string): Denial | undefined {
  const fields = fieldsOf(line);
  const at = /\baudit\((\d+)\.\d+:\d+\)/.exec(line)?.[1];
  const rest = { fields, at: at === undefined ? undefined : Number(at), line: line.trim() };
  const [, permissions] = /\bavc:\s+denied\s+\{([^{}]*)\}/.exec(line) ?? [];
  if (permissions !== undefined)
    return {
      by: 'selinux',
      refused: permissions.trim().split(/\s+/),
      isPermissive: fields.get('permissive') === '1',
      ...rest,
    };
  if (fields.get('apparmor') === 'DENIED')
    return {
      by: 'apparmor',
      refused: [fields.get('operation') ?? 'something'],
      isPermissive: false,
      ...rest,
    };
  const isSeccomp = /\btype=(?:SECCOMP|1326)\b/.test(line);
  if (!isSeccomp) return undefined;
  // SECCOMP_RET_LOG: the call was made. auditd adds names of its own behind the last field.
  const isLogged = fields.get('code')?.startsWith('0x7ffc0000') === true;
  return { by: 'seccomp', refused: [fields.get('syscall') ?? '?'], isPermissive: isLogged, ...rest };
}

function fieldsOf(line: string): ReadonlyMap<string, string> {
  const found = line.matchAll(/\b([a-zA-Z_]+)=(?:"([^"]*)"|([^\s"]+))/g);
  return new Map(
    [...found].map(([, name = '', quoted, bare]): [string, string] => [
      name,
      quoted ?? (untrusted.has(name) ? decoded(bare ?? '') : (bare ?? '')),
    ]),
  );
}

/** Texts that users choose: with a space or a quotation mark in them the kernel writes them in hexadecimal. */
const untrusted = new Set(['comm', 'path', 'name', 'exe', 'execpath']);

function decoded(value: string): string {
  if (!/^(?:[0-9A-F]{2})+$/.test(value)) return value;
  return value.replace(/../g, (digits) => String.fromCharCode(Number.parseInt(digits, 16)));
}
