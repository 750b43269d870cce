/** Says where a JSON value is not as it must be (`.registrations[2].name`); undefined when it is. */
export type Shape = (value: unknown, at: string) => string | undefined;

export function ofType(type: 'string' | 'number' | 'boolean'): Shape {
  return (value, at) => (typeof value === type ? undefined : at);
}

export function oneOf(...allowed: readonly (string | number | boolean)[]): Shape {
  return (value, at) => (allowed.some((one) => one === value) ? undefined : at);
}

export function listOf(item: Shape): Shape {
  return (value, at) => {
    if (!Array.isArray(value)) return at;
    for (const [index, one] of value.entries()) {
      const misfit = item(one, `${at}[${index}]`);
      if (misfit !== undefined) return misfit;
    }
    return undefined;
  };
}

/** With these fields and no other; one whose name ends in `?` may be missing. */
export function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return at;
    const left = new Map(Object.entries(value));
    for (const [name, shape] of Object.entries(shapes)) {
      const field = name.replace('?', '');
      const misfit =
        field !== name && !left.has(field) ? undefined : shape(left.get(field), `${at}.${field}`);
      if (misfit !== undefined) return misfit;
      left.delete(field);
    }
    const [unknown] = left.keys();
    return unknown === undefined ? undefined : `${at}.${unknown}`;
  };
}
