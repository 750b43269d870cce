/**
 * Where things lie in a launcher's memory. The machine code in `hosts/` has these offsets built in: the code
 * knows the state's address, everything else is found from there.
 *
 * One word is the host's pointer. The data segment starts with the state:
 *
 * | word | |
 * | --- | --- |
 * | 0 | address of the first step's record |
 * | 1 | the environment vector, set at start |
 * | 2, 3 | begin and end of the slots |
 * | 4 … 10 | the evaluated operands of the current step: six arguments and the value compared with |
 * | 11 … | the failure record: two 32-bit integers, step and errno |
 *
 * A slot is two words for each n: the address of argv[n], and argv[n] itself, both set at start.
 *
 * A step's record:
 *
 * | word | |
 * | --- | --- |
 * | 0 | system call number, negative for `evaluate` |
 * | 1 … 14 | seven operands of two words each: how to load it (`OperandMode`) and value or address |
 * | 15 | address that the result is stored at, 32 bits |
 * | 16, 17, 18 | record to go on with: when the result equals the operand, when not, on error |
 * | 19 | index of the step, for the failure record |
 */
export const stateWords = {
  firstStep: 0,
  environment: 1,
  slotsBegin: 2,
  slotsEnd: 3,
  failureRecord: 11,
} as const;
export const stepWords = {
  number: 0,
  operands: 1,
  store: 15,
  whenEqual: 16,
  otherwise: 17,
  onError: 18,
  index: 19,
  count: 20,
} as const;
export const operandCount = 7;

/** How an operand's second word becomes its value. */
export const operandMode = {
  /** It is the value. */
  value: 0,
  /** It is the address of an unsigned byte. */
  byte: 1,
  /** It is the address of a signed 32-bit integer. */
  integer: 2,
  /** It is the address of a word. */
  word: 3,
} as const;
export type OperandMode = (typeof operandMode)[keyof typeof operandMode];

/** Bytes of the state, a multiple of every host's word. */
export function stateSize(wordSize: number): number {
  return stateWords.failureRecord * wordSize + 8;
}
