/** An element of XML: as many of these as needed are one document. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly Element[];
}

/** Elements that are undefined are left out, so that conditions can stand among the others. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  content: string | readonly (Element | undefined)[] = [],
): Element {
  return {
    name,
    attributes,
    content: typeof content === 'string' ? content : content.filter((one) => one !== undefined),
  };
}

/** With a line feed at the end, two spaces for each level. */
export function xmlText(root: Element): string {
  return `${linesOf(root, '').join('\n')}\n`;
}

function linesOf({ name, attributes, content }: Element, indent: string): string[] {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}='${escaped(value)}'`);
  const start = `${indent}<${name}${given.join('')}`;
  if (content.length === 0) return [`${start}/>`];
  if (typeof content === 'string') return [`${start}>${escaped(content)}</${name}>`];
  return [`${start}>`, ...content.flatMap((one) => linesOf(one, `${indent}  `)), `${indent}</${name}>`];
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};

/** Characters that XML 1.0 has no way to write become question marks; Node writes halves of surrogate pairs as U+FFFD. */
function escaped(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- these are what is looked for
      .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '?')
      .replaceAll(/[&<>'"\n\t\r]/g, (character) => entities[character] ?? '?')
  );
}
