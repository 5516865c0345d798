import { readLinkCode } from '../invitations/codes.ts';

export type Code = { readonly kind: 'invitation' | 'link'; readonly code: string };

const inLink = /[?&/](?:i|start)=([A-Za-z0-9]{8,64})\b/;

/** The invitation or link code a message consists of (or the address it is inside), or null. Whether it holds is the database's word. */
export function codeIn(text: string): Code | null {
  const linked = inLink.exec(text)?.[1];
  if (linked && !/\s/.test(text.trim())) return { kind: 'invitation', code: linked };
  const typed = text.trim();
  if (/^[A-Za-z0-9]{16}$/.test(typed)) return { kind: 'invitation', code: typed };
  const link = readLinkCode(typed);
  return link ? { kind: 'link', code: link } : null;
}
