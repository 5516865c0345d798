import { findDeliveryByToken } from '../store/deliveries.ts';
import { isBlank } from './clean-text.ts';
import { commandNamed } from './commands.ts';
import { menuCommand } from './menu.ts';
import { belongs } from './take-action.ts';
import { runCommand } from './take-command.ts';
import { takeAnswer } from './take-reply.ts';
import { nothingRead, takeText } from './take-text.ts';
import type { Talk } from './talk.ts';

/**
 * Words written into a field: they go straight to where its button leads. Those of a question's own field, and those of a
 * message that is not (or no longer) the person's, are taken as written in the conversation.
 */
export async function takeField(
  talk: Talk,
  text: string,
  { token, id }: { readonly token: string; readonly id: string },
): Promise<void> {
  if (isBlank(text)) return nothingRead(talk, 'chat:odd.empty');
  const delivery = await findDeliveryByToken(talk.unit.db, token);
  if (delivery && belongs(delivery, talk)) {
    const command = commandNamed(menuCommand(id) ?? '');
    if (command) return runCommand(talk, command, text);
    if ((id === 'reply' || id === 'answer') && (await takeAnswer(talk, delivery, text))) return;
  }
  await takeText(talk, text, undefined);
}
