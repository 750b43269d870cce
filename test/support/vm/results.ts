import { stripVTControlCharacters } from 'node:util';

/** One step of a boot's script. */
export interface Step {
  readonly exitCode: number;
  /** Its output and its messages. */
  readonly output: string;
  /** Seconds of the machine's clock. */
  readonly seconds: number;
}

/** From one start of the machine to the next. */
export interface Boot {
  /** Seconds from the kernel's start to the script's. */
  readonly startSeconds: number;
  readonly steps: ReadonlyMap<string, Step>;
  /** Seconds since the kernel's start at which the script asked for a reboot. */
  readonly leftAt: number | undefined;
  /** What the kernel and the init wrote on the console. */
  readonly console: string;
  /** Seconds from the script's end to the kernel's last line; undefined without a reboot. */
  readonly shutdownSeconds: number | undefined;
}

/**
 * @param results what harness.sh wrote
 * @param console what the kernel wrote, of all boots
 */
export function readResults(results: string, console: string): Boot[] {
  const consoles = splitConsole(console);
  return results
    .split(/^@boot /m)
    .slice(1)
    .map((text, index) => readBoot(text, consoles[index] ?? ''));
}

/** Whether the last script has come to its end. */
export function isDone(results: string): boolean {
  return /^@done /m.test(results);
}

function readBoot(text: string, console: string): Boot {
  const lines = text.replaceAll('\r', '').split('\n');
  const steps = new Map<string, Step>();
  let leftAt: number | undefined;
  for (const line of lines) {
    const [kind, ...words] = line.split(' ');
    if (kind === '@step') steps.set(words[0] ?? '', readStep(words));
    if (kind === '@again') leftAt = Number(words[0]);
  }
  const stamps = [...console.matchAll(/^\[ *(\d+\.\d+)\]/gm)].map((match) => Number(match[1]));
  const last = stamps.at(-1);
  return {
    startSeconds: Number(lines[0]?.split(' ')[1]),
    steps,
    leftAt,
    console,
    shutdownSeconds: leftAt === undefined || last === undefined ? undefined : last - leftAt,
  };
}

function readStep([, exitCode, began, ended, output]: readonly string[]): Step {
  return {
    exitCode: Number(exitCode),
    output: Buffer.from(output ?? '', 'base64').toString(),
    seconds: Number(ended) - Number(began),
  };
}

/** The kernel's first line starts a boot. */
function splitConsole(text: string): string[] {
  return stripVTControlCharacters(text)
    .replaceAll('\r', '')
    .split(/^(?=\[ *0\.000000\] Linux version )/m)
    .filter((part) => part.includes('Linux version'));
}
