import type { Language } from '../language.ts';
import { speak } from './calls.ts';
import { line } from './dialogs/parts.ts';
import { comeIn } from './joining.ts';
import { menuButtons } from './menu.ts';
import type { Talk } from './talk.ts';

/** From now on everything is said in `language`; an open question is asked again in it. */
export async function switchLanguage(talk: Talk, language: Language): Promise<void> {
  await speak(talk, language);
  const open = talk.conversation.open !== null && !talk.conversation.open.left;
  const buttons = talk.member && !open ? [menuButtons(talk.staff)] : [];
  await talk.say([line('chat:language.done'), ...buttons]);
  if (open) await talk.advance({ type: 'ask' });
  else if (!talk.member) await comeIn(talk);
}
