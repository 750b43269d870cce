import type { Examination } from '../examination.ts';
import { entriesInForce, type EntryInForce } from '../facts/entries-in-force.ts';
import type { Certainty, Fault, Remedy, Severity, Verdict } from '../verdict.ts';

/** What is wrong with one entry. */
export interface Finding {
  readonly entry: EntryInForce;
  readonly severity: Severity;
  readonly certainty: Certainty;
  /** One clause with the entry's name. */
  readonly summary: string;
  readonly evidence: readonly string[];
}

export interface EntriesChecked {
  /** Undefined for an entry that is as it should be. */
  readonly find: (entry: EntryInForce) => Finding | undefined;
  /** Of all entries that something is wrong with. */
  readonly remedies: (findings: readonly [Finding, ...Finding[]]) => Fault['remedies'];
  /** Of one that is as it should be: `qemu-s390x: /usr/bin/qemu-s390x is there`. */
  readonly good: (entry: EntryInForce) => string;
  /** Default: `entriesInForce`. */
  readonly entries?: readonly EntryInForce[];
  readonly symptoms?: Fault['symptoms'];
}

/** One verdict on all entries that what was asked about meets. */
export function verdictOnEntries(examination: Examination, checked: EntriesChecked): Verdict {
  const { entries = entriesInForce(examination), symptoms } = checked;
  if (entries.length === 0)
    return { status: 'skipped', reason: 'no entry is in force that it could be about' };
  const [first, ...others] = entries.map(checked.find).filter((finding) => finding !== undefined);
  if (first === undefined) return { status: 'ok', evidence: entries.map(checked.good) };
  const findings = [first, ...others] as const;
  return {
    status: 'fault',
    severity: worst(findings),
    certainty: surest(findings),
    summary: others.length === 0 ? first.summary : `${first.summary}; ${others.length} more like it`,
    evidence: findings.flatMap(({ evidence }) => evidence),
    remedies: checked.remedies(findings),
    architectures: [...new Set(findings.map(({ entry }) => entry.architecture))],
    ...(symptoms === undefined ? {} : { symptoms }),
  };
}

/** What most remedies need. */
export function architecturesOf(findings: readonly Finding[]): string[] {
  return findings.map(({ entry }) => entry.architecture);
}

/** For lists of remedies that may be empty but for the last one. */
export function remediesEndingWith(first: readonly Remedy[], last: Remedy): Fault['remedies'] {
  const [head, ...tail] = first;
  return head === undefined ? [last] : [head, ...tail, last];
}

function worst(findings: readonly Finding[]): Severity {
  const order = ['error', 'warning', 'note'] as const;
  return order.find((severity) => findings.some((finding) => finding.severity === severity)) ?? 'note';
}

function surest(findings: readonly Finding[]): Certainty {
  const order = ['proven', 'likely', 'possible'] as const;
  return order.find((one) => findings.some(({ certainty }) => certainty === one)) ?? 'possible';
}
