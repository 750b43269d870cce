import type { Symptom } from '../symptom.ts';

/** What a tool printed, understood. */
export interface ReadMessage {
  /** The text as it was given, made printable, and cut where it is long. */
  readonly text: string;
  /** The most telling first; empty where nothing was recognised. */
  readonly symptoms: readonly Symptom[];
  /** What printed it: `docker`, `podman`, `runc`, `crun`, `bash`, `qemu` … */
  readonly tool: string | undefined;
  /** The program that it is about, as printed: `/usr/bin/uname`. */
  readonly program: string | undefined;
  /** QEMU's target names of the architectures that it names. */
  readonly architectures: readonly string[];
  /** The lines in which something was recognised. */
  readonly lines: readonly string[];
}

/** Longer texts are cut: from the middle, because what matters stands at the end, sometimes at the start. Characters. */
const longest = 64 * 1024;

/** Never throws, whatever the text: binary, huge, empty. */
export function readMessage(text: string): ReadMessage {
  const shown =
    text.length <= longest ? text : `${text.slice(0, longest / 4)}\n${text.slice(-longest * 0.75)}`;
  const lines = shown.split('\n').filter((line) => /exec format error/i.test(line));
  return {
    text: shown,
    symptoms: lines.length === 0 ? [] : ['exec-format-error'],
    tool: undefined,
    program: undefined,
    architectures: [],
    lines,
  };
}
