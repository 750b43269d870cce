import { codeFromBytes } from '../code.ts';
import type { LauncherHost } from '../launcher-host.ts';

// svc 0: number in r1, arguments in r2 to r7, negative errno in r2.
const code = codeFromBytes([
  // start: r13 is the state; the arguments lie on the stack: argc, argv[0] …, 0, environment …
  'c0 d1 00 41 04 00', // lgfi %r13, 0x410400
  'e3 10 f0 00 00 04', // lg %r1, 0(%r15)
  '41 20 f0 08', // la %r2, 8(%r15): argv
  'eb 11 00 03 00 0d', // sllg %r1, %r1, 3
  '41 31 20 08', // la %r3, 8(%r1,%r2)
  'e3 30 d0 08 00 24', // stg %r3, 8(%r13): environment
  // the slots: &argv[n], argv[n]
  'e3 40 d0 10 00 04', // lg %r4, 16(%r13)
  // slot:
  'e3 40 d0 18 00 20', // cg %r4, 24(%r13)
  'a7 84 00 11', // je begin
  'e3 30 20 00 00 04', // lg %r3, 0(%r2)
  'e3 20 40 00 00 24', // stg %r2, 0(%r4)
  'e3 30 40 08 00 24', // stg %r3, 8(%r4)
  '41 40 40 10', // la %r4, 16(%r4)
  '41 20 20 08', // la %r2, 8(%r2)
  'a7 f4 ff ee', // j slot
  // begin:
  'e3 c0 d0 00 00 04', // lg %r12, 0(%r13): the current step's record
  // evaluate the seven operands
  // step:
  '41 80 c0 08', // la %r8, 8(%r12)
  '41 90 d0 20', // la %r9, 32(%r13)
  '41 a0 d0 58', // la %r10, 88(%r13)
  // operand:
  'e3 10 80 00 00 04', // lg %r1, 0(%r8)
  'e3 20 80 08 00 04', // lg %r2, 8(%r8)
  'a7 1f 00 01', // cghi %r1, 1
  'a7 44 00 15', // jl evaluated
  'a7 84 00 0b', // je load_byte
  'a7 1f 00 02', // cghi %r1, 2
  'a7 84 00 0c', // je load_integer
  'e3 20 20 00 00 04', // lg %r2, 0(%r2)
  'a7 f4 00 0a', // j evaluated
  // load_byte:
  'e3 20 20 00 00 90', // llgc %r2, 0(%r2)
  'a7 f4 00 05', // j evaluated
  // load_integer:
  'e3 20 20 00 00 14', // lgf %r2, 0(%r2)
  // evaluated:
  'e3 20 90 00 00 24', // stg %r2, 0(%r9)
  '41 80 80 10', // la %r8, 16(%r8)
  '41 90 90 08', // la %r9, 8(%r9)
  'b9 20 00 9a', // cgr %r9, %r10
  'a7 74 ff da', // jne operand
  // make the call; `evaluate` leaves its argument in r2
  'eb 27 d0 20 00 04', // lmg %r2, %r7, 32(%r13)
  'e3 10 c0 00 00 02', // ltg %r1, 0(%r12)
  'a7 44 00 03', // jl result
  '0a 00', // svc 0
  // store the result and go on
  // result:
  'e3 80 c0 78 00 04', // lg %r8, 120(%r12)
  '50 20 80 00', // st %r2, 0(%r8)
  'a7 99 f0 01', // lghi %r9, -4095
  'b9 21 00 29', // clgr %r2, %r9
  'a7 a4 00 11', // jhe error
  'e3 20 d0 50 00 20', // cg %r2, 80(%r13)
  'a7 74 00 07', // jne otherwise
  'e3 c0 c0 80 00 04', // lg %r12, 128(%r12)
  'a7 f4 ff b6', // j step
  // otherwise:
  'e3 c0 c0 88 00 04', // lg %r12, 136(%r12)
  'a7 f4 ff b1', // j step
  // error:
  '13 22', // lcr %r2, %r2
  '50 20 d0 5c', // st %r2, 92(%r13): errno of the failure record
  'e3 20 c0 98 00 04', // lg %r2, 152(%r12)
  '50 20 d0 58', // st %r2, 88(%r13): its step
  'e3 c0 c0 90 00 04', // lg %r12, 144(%r12)
  'a7 f4 ff a4', // j step
]);

export const s390x: LauncherHost = {
  name: 's390x',
  machines: ['s390x'],
  identity: { class: 64, endianness: 'big', machine: 22 },
  code,
  numbering: 's390x',
  cloneStackFirst: true,
};
