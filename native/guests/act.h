#pragma once

/** Carries one of the words out. @returns exit code, -1 for a word that is none */
int act(int count, char **words);
