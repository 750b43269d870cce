import type { Check } from './check.ts';
import { symptoms, type Symptom } from './symptom.ts';
import { toolPatterns } from './message/patterns/index.ts';

/**
 * The text of docs/diagnosis.md.
 *
 * @param untested why a check's fault cannot be made in a test, by the check's id
 */
export function diagnosisPage(checks: readonly Check[], untested: Readonly<Record<string, string>>): string {
  return `# Diagnosis

Everything that \`anyarch doctor\` knows, made from its checks. How it is used is told in [doctor.md](doctor.md).

Each check's fault is made on a real kernel by a test, which demands that the doctor names it first when it is given what the
failing command printed, and that the first remedy makes the command work. Where that cannot be done, the reason stands there.

Two of them are imitated, because a kernel cannot be exchanged in a test: for binfmt-unsupported and binfmt-module-not-loaded
the files below /proc that tell of the kernel are covered by others, and modprobe is a script that uncovers them.

## By what is seen

| seen | checks |
| --- | --- |
${(Object.keys(symptoms) as Symptom[]).map((symptom) => symptomRow(symptom, checks)).join('\n')}

Messages of these are understood: ${toolNames()}; and anybody's words for an errno.

## Checks

From causes to what they cause: of two faults that explain a message as well, the first one is called the cause.

| check | question | at most | remedy |
| --- | --- | --- | --- |
${checks.map(({ id, question, severity, remedy }) => `| ${reference(id)} | ${cell(question)} | ${severity} | ${cell(remedy)} |`).join('\n')}

${checks.map((check) => section(check, untested[check.id])).join('\n')}`;
}

function symptomRow(symptom: Symptom, checks: readonly Check[]): string {
  const bringing = checks
    .flatMap((check) => {
      const place = check.symptoms.indexOf(symptom);
      return place < 0 ? [] : [{ id: check.id, place }];
    })
    .sort((a, b) => a.place - b.place);
  return `| ${cell(symptoms[symptom])} | ${bringing.map(({ id }) => reference(id)).join(', ') || '–'} |`;
}

function section(
  { id, question, explanation, symptoms: seen, scopes, references = [] }: Check,
  untested?: string,
): string {
  const lines = [
    ...(seen.length === 0 ? [] : [`- seen as: ${seen.map((symptom) => text(symptoms[symptom])).join('; ')}`]),
    ...(scopes === undefined ? [] : [`- of: ${scopes.join(', ')}`]),
    ...(untested === undefined ? [] : [`- not made by a test: ${text(untested)}`]),
    ...references.map((one) => `- see ${one.startsWith('https://') ? `<${one}>` : text(one)}`),
  ];
  return `### ${id}

${text(question)} ${text(explanation)}
${lines.length === 0 ? '' : `\n${lines.join('\n')}\n`}`;
}

function toolNames(): string {
  const names = toolPatterns.flatMap(({ tool }) => tool ?? []);
  return [...new Set(names)].sort().join(', ');
}

function reference(id: string): string {
  return `[${id}](#${id})`;
}

function cell(content: string): string {
  return text(content).replaceAll('|', '\\|');
}

/** Markdown would take these for its own. */
function text(content: string): string {
  return content.replace(/[\\`*_<>]/g, (character) => `\\${character}`);
}
