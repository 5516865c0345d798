import { runDueMoment } from '../../core/moments.ts';
import type { JobDeps } from '../deps.ts';

export const due = ({ core }: JobDeps, data: { id: string }): Promise<void> => runDueMoment(core, data.id);
