/** A value in one of QEMU's lists of options, where a comma ends it unless it is doubled. */
export function optionValue(text: string): string {
  return text.replaceAll(',', ',,');
}

/** `name,key=value,…` behind `-device`. */
export function device(driver: string, options: Readonly<Record<string, string | number>>): string[] {
  return ['-device', [driver, ...keyValues(options)].join(',')];
}

/** A socket that QEMU listens at; it starts without waiting for anybody. */
export function socket(id: string, path: string, further: Readonly<Record<string, string>> = {}): string[] {
  return [
    '-chardev',
    ['socket', ...keyValues({ id, path, server: 'on', wait: 'off', ...further })].join(','),
  ];
}

/** A node of QEMU's block layer, as JSON: file names may have anything in them. */
export function blockNode(node: Readonly<Record<string, unknown>>): string[] {
  return ['-blockdev', JSON.stringify(node)];
}

function keyValues(options: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(options).map(([key, value]) => `${key}=${optionValue(String(value))}`);
}
