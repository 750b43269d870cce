/** @type {Record<string, string>} JavaScript by the URL of its TypeScript */
let sources = {};

/** @param {string} data what transpile.mjs printed */
export function initialize(data) {
  sources = JSON.parse(data);
}

export function load(url, context, nextLoad) {
  const source = sources[url];
  return source === undefined ? nextLoad(url, context) : { format: 'module', source, shortCircuit: true };
}
