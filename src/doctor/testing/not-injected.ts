/** Checks whose fault no test makes on a real kernel, and why; what they do then is held by unit tests on the fake host. */
export const notInjected: Readonly<Record<string, string>> = {
  'architecture-not-native': 'needs an arm64 machine without 32-bit arm, or a kernel for x86-64 without i386',
};
