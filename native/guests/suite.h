#pragma once

/**
 * Executes guests in every way that an interposer could break, and prints what came of each.
 *
 * @param words a fresh directory to write to, the program, its PIE twin; then by twos flags, and the rule that
 *   registers `suite` with them: without any only the entry that is in force is tried
 */
int suite(int count, char **words);

/**
 * The same without any entry, each guest given to an emulator by name; what only an entry brings about is named.
 *
 * @param words directory, program, PIE, and the emulator
 */
int suite_by_name(int count, char **words);
