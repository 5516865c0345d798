import type { JobDeps } from '../deps.ts';

export const edit = ({ dispatcher }: JobDeps, data: { ids: string[] }): Promise<void> =>
  dispatcher.edit(data.ids, 'broadcast');
