import type { DueMoment } from '../store/due-moments.ts';
import type { Core } from '../unit.ts';

export async function remindPoll(_core: Core, _moment: DueMoment): Promise<void> {}
