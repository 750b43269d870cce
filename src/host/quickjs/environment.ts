/** This process's environment; of a variable that is there twice the first counts, as for getenv(3). */
export function ownEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const variable of kernel.environment()) {
    const end = variable.indexOf('=');
    if (end > 0) environment[variable.slice(0, end)] ??= variable.slice(end + 1);
  }
  return environment;
}
