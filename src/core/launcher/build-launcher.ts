import { createDataSegment } from './data-segment.ts';
import type { DataSegment } from './data-segment.ts';
import { wordSizeOf } from './launcher-host.ts';
import type { LauncherHost } from './launcher-host.ts';
import { operandCount, stateSize, stateWords, stepWords } from './layout.ts';
import { operandOf, slotsNeeded } from './operand.ts';
import { failureExitCode } from './program.ts';
import type { Argument, Program, Step } from './program.ts';
import { buildStaticExecutable } from './static-executable.ts';
import { systemCallNumber } from './system-call-numbers.ts';

/**
 * An ELF executable that carries out the program on the host. A few kilobytes; the same input gives the same bytes.
 *
 * @throws Error for a program that cannot be carried out: an unknown or doubled label, more than six arguments,
 *   a number that does not fit into the host's word, NUL in a string.
 */
export function buildLauncher(host: LauncherHost, program: Program): Uint8Array {
  const wordSize = wordSizeOf(host);
  const data = createDataSegment(host);
  const state = data.reserve(stateSize(wordSize), 8);
  const failureRecord = state + stateWords.failureRecord * wordSize;
  const steps = [...program.steps, ...finalSteps(program.reportDescriptor ?? 3, failureRecord)];
  const records = data.reserve(steps.length * stepWords.count * wordSize, 8);
  const slotCount = Math.max(0, ...steps.flatMap((step) => step.arguments).map(slotsNeeded));
  const slots = data.reserve(slotCount * 2 * wordSize, 8);

  data.setWord(state + stateWords.firstStep * wordSize, records);
  data.setWord(state + stateWords.slotsBegin * wordSize, slots);
  data.setWord(state + stateWords.slotsEnd * wordSize, slots + slotCount * 2 * wordSize);
  const labels = indexLabels(steps);
  steps.forEach((step, index) => {
    writeRecord({ host, data, slots, records, labels }, step, index);
  });
  return buildStaticExecutable(host.identity, host.code, data.finish());
}

const endLabel = 'end of the program';
const reportLabel = 'report of a failure';

/** What follows the program's own steps: the good end, then the report that a failed step jumps to. */
function finalSteps(reportDescriptor: number, failureRecord: number): Step[] {
  return [
    { label: endLabel, call: 'exit_group', arguments: [0] },
    { label: reportLabel, call: 'write', arguments: [reportDescriptor, failureRecord, 8], onError: 'ignore' },
    { call: 'exit_group', arguments: [failureExitCode] },
  ];
}

function indexLabels(steps: readonly Step[]): ReadonlyMap<string, number> {
  const labels = new Map<string, number>();
  steps.forEach(({ label }, index) => {
    if (label === undefined) return;
    if (labels.has(label)) throw new Error(`label '${label}' stands at two steps`);
    labels.set(label, index);
  });
  return labels;
}

interface Layout {
  readonly host: LauncherHost;
  readonly data: DataSegment;
  readonly slots: number;
  readonly records: number;
  readonly labels: ReadonlyMap<string, number>;
}

function writeRecord(layout: Layout, step: Step, index: number): void {
  const { host, data, slots } = layout;
  const wordSize = wordSizeOf(host);
  const setWord = (word: number, value: number): void => {
    data.setWord(recordAddress(layout, index) + word * wordSize, value);
  };
  const otherwise = step.next === undefined ? recordAddress(layout, index + 1) : target(layout, step.next);

  setWord(stepWords.number, step.call === 'evaluate' ? -1 : systemCallNumber(host.numbering, step.call));
  const setOperand = (argument: Argument, position: number): void => {
    const operand = operandOf(host, data, slots, argument);
    setWord(stepWords.operands + 2 * position, operand.mode);
    setWord(stepWords.operands + 2 * position + 1, operand.word);
  };
  // What is not given stays zero, as the memory is: `operandMode.value` and the value 0.
  callArguments(host, step).forEach(setOperand);
  if (step.when !== undefined) setOperand(step.when.equals, operandCount - 1);
  // Every record stores somewhere: the code needs no case for steps whose result nobody wants.
  setWord(stepWords.store, data.placeVariable(step.store === undefined ? '' : step.store.variable));
  setWord(stepWords.whenEqual, step.when === undefined ? otherwise : target(layout, step.when.goTo));
  setWord(stepWords.otherwise, otherwise);
  setWord(stepWords.onError, errorTarget(layout, step, otherwise));
  setWord(stepWords.index, index);
}

/** The arguments in the host's order. */
function callArguments(host: LauncherHost, step: Step): readonly Argument[] {
  const limit = step.call === 'clone' || step.call === 'evaluate' ? 1 : operandCount - 1;
  if (step.arguments.length > limit) {
    throw new Error(`${step.call} takes at most ${limit} arguments here, not ${step.arguments.length}`);
  }
  return step.call === 'clone' && host.cloneStackFirst ? [0, ...step.arguments] : step.arguments;
}

function errorTarget(layout: Layout, step: Step, otherwise: number): number {
  switch (step.onError) {
    case undefined:
    case 'report':
      return target(layout, reportLabel);
    case 'ignore':
      return otherwise;
    default:
      return target(layout, step.onError.goTo);
  }
}

function target(layout: Layout, label: string): number {
  const index = layout.labels.get(label);
  if (index === undefined) throw new Error(`no step has the label '${label}'`);
  return recordAddress(layout, index);
}

function recordAddress(layout: Layout, index: number): number {
  return layout.records + index * stepWords.count * wordSizeOf(layout.host);
}
