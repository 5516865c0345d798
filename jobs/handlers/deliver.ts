import type { JobDeps } from '../deps.ts';

export const deliver = ({ dispatcher }: JobDeps, data: { ids: string[] }): Promise<void> =>
  dispatcher.deliver(data.ids, 'broadcast');
