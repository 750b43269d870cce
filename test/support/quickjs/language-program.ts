import { languageSample } from './language-sample.ts';

kernel.writeAll(1, JSON.stringify(languageSample()));
kernel.exit(0);
