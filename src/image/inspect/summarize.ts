import { asFields, listField, optionalTextField, parseDocument } from '../../core/oci/fields.ts';
import { mediaTypes } from '../../core/oci/media-types.ts';
import { AnyarchError } from '../../core/error.ts';

/** One line about an artifact of a kind that anyarch makes; undefined for others, and for what does not read as one. */
export function summarize(artifactType: string, text: string): string | undefined {
  try {
    if (artifactType === mediaTypes.cycloneDx) return summarizeBill(text);
    return artifactType === mediaTypes.inToto ? summarizeStatement(text) : undefined;
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}

function summarizeBill(text: string): string {
  const bill = parseDocument(text, 'the bill of materials');
  const components = listField(bill, 'components').map((component) => asFields(component, 'a component'));
  const named = components.map((component) =>
    [optionalTextField(component, 'name'), optionalTextField(component, 'version')].join(' ').trim(),
  );
  return `CycloneDX ${optionalTextField(bill, 'specVersion') ?? ''}: ${named.join(', ')}`;
}

function summarizeStatement(text: string): string {
  const statement = parseDocument(text, 'the statement');
  const predicate = asFields(statement.values['predicate'], 'the predicate');
  const definition = asFields(predicate.values['buildDefinition'], 'the build definition');
  const inputs = listField(definition, 'resolvedDependencies').length;
  return `${optionalTextField(statement, 'predicateType') ?? ''}: ${inputs} inputs`;
}
