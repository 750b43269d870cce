/**
 * Node's parseArgs, as far as src/cli/parse.ts uses it: no defaults, no negation, positionals allowed, of tokens only
 * kind and index. The package of it by its authors takes 7 KB more. node-util.test.mjs compares this with Node's.
 */
export function parseArgs({ args, options, strict = true, tokens: withTokens = false }) {
  const values = Object.create(null);
  const positionals = [];
  const tokens = [];
  // What is left: words, and those that a group of short options was taken apart into, with their place.
  const left = args.map((word, index) => ({ word, index }));
  const store = (name, value) => {
    if (name === '__proto__') return;
    if (options[name]?.multiple) (values[name] ??= []).push(value ?? true);
    else values[name] = value ?? true;
  };
  while (left.length > 0) {
    const { word, index } = left.shift();
    if (word === '--') {
      tokens.push({ kind: 'option-terminator', index });
      for (const [behind, rest] of left.splice(0).entries()) {
        tokens.push({ kind: 'positional', index: index + 1 + behind });
        positionals.push(rest.word);
      }
    } else if (word.length < 2 || !word.startsWith('-')) {
      tokens.push({ kind: 'positional', index });
      positionals.push(word);
    } else {
      const isLong = word.startsWith('--');
      const equals = isLong && word.includes('=', 3) ? word.indexOf('=') : -1;
      const rawName = equals > 0 ? word.slice(0, equals) : word.slice(0, isLong ? undefined : 2);
      const name = isLong ? rawName.slice(2) : longOf(options, rawName[1]);
      const takesValue = isText(options, name);
      let value = equals > 0 ? word.slice(equals + 1) : undefined;
      if (!isLong && word.length > 2 && !takesValue) {
        left.unshift(...apart(options, word).map((one) => ({ word: one, index })));
        continue;
      }
      if (!isLong && word.length > 2) {
        value = word.slice(2);
      } else if (value === undefined && takesValue && left.length > 0) {
        value = left.shift().word;
        if (strict && value.length > 1 && value.startsWith('-')) refuse(ambiguous(rawName, name));
      }
      if (strict) check(options, rawName, name, value);
      tokens.push({ kind: 'option', index });
      store(name, value);
    }
  }
  return { values, positionals, ...(withTokens ? { tokens } : {}) };
}

/** `-abc`: the first that takes a value has the rest for it. */
function apart(options, group) {
  const words = [];
  for (let at = 1; at < group.length; at += 1) {
    if (at + 1 < group.length && isText(options, longOf(options, group[at])))
      return [...words, `-${group.slice(at)}`];
    words.push(`-${group[at]}`);
  }
  return words;
}

function isText(options, name) {
  return Object.hasOwn(options, name) && options[name].type === 'string';
}

function longOf(options, short) {
  return Object.keys(options).find((name) => options[name].short === short) ?? short;
}

function check(options, rawName, name, value) {
  if (!Object.hasOwn(options, name))
    refuse(
      `Unknown option '${rawName}'. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- ${JSON.stringify(rawName)}`,
    );
  const { type, short } = options[name];
  const shown = short ? `-${short}, --${name}` : `--${name}`;
  if (type === 'string' && value === undefined) refuse(`Option '${shown} <value>' argument missing`);
  if (type === 'boolean' && value !== undefined) refuse(`Option '${shown}' does not take an argument`);
}

function ambiguous(rawName, name) {
  const example = rawName.startsWith('--') ? `'${rawName}=-XYZ'` : `'--${name}=-XYZ' or '${rawName}-XYZ'`;
  return `Option '${rawName}' argument is ambiguous.
Did you forget to specify the option argument for '${rawName}'?
To specify an option argument starting with a dash use ${example}.`;
}

function refuse(message) {
  throw new TypeError(message);
}
