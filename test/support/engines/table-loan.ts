import { readFileSync, rmSync, writeFileSync } from 'node:fs';

// There is one table for all checkouts and users of a machine.
export const tableLock = '/tmp/anyarch-test-host-table.lock';

/** How the table was when somebody borrowed it: on disk, so that it outlives a borrower who is killed. */
export interface TableLoan {
  readonly mountedHere: boolean;
  readonly enabled: boolean;
  /** Name and the kernel's text, the newest first. */
  readonly entries: readonly (readonly [string, string])[];
}

export function noteLoan(loan: TableLoan): void {
  writeFileSync(loanFile, JSON.stringify({ ...loan, boot: bootId() }));
}

export function forgetLoan(): void {
  rmSync(loanFile, { force: true });
}

/** Somebody's who has the table now, or who was killed: whoever holds the lock knows which. */
export function pendingLoan(): TableLoan | undefined {
  try {
    const loan = JSON.parse(readFileSync(loanFile, 'utf8')) as TableLoan & { readonly boot: string };
    // A table does not outlive a reboot.
    return loan.boot === bootId() ? loan : undefined;
  } catch {
    // None, or half of one: then nothing had been registered yet.
    return undefined;
  }
}

const loanFile = '/tmp/anyarch-test-host-table.loan.json';

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
