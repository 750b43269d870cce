import { buildProbe, probeArchitectures } from '../../core/probe/probe.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { makeProbeDirectory } from '../../registration/index.ts';
import type { Examination } from '../examination.ts';

/**
 * Writes a foreign program into a directory from which it can be executed, and which is gone afterwards.
 *
