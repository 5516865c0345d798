import { refusal } from '../errors.ts';

/** What was answered is gone, or nobody may answer it any more. */
const closed = new Set(['thread_not_found', 'invalid_thread_ts', 'cannot_reply_to_message']);

/** In the thread of what is answered; beside it when the person deleted that. Rejects as the SDK does. */
export async function inThread<T>(
  thread: string | undefined,
  call: (where: { thread_ts?: string }) => Promise<T>,
): Promise<T> {
  if (thread === undefined) return call({});
  try {
    return await call({ thread_ts: thread });
  } catch (error) {
    if (!closed.has(refusal(error) ?? '')) throw error;
    return call({});
  }
}
