import { fold } from '../fold.ts';
import type { Language } from '../language.ts';
import { newMember } from '../members/member.ts';
import { type Administrator, administrators } from '../store/administrators.ts';
import { insertMembers } from '../store/members.ts';
import type { Unit } from '../unit.ts';

const name = 'Administrator';

/** The administrator to let in: the first there is, made when there is none (`language` is theirs then). */
export async function firstAdministrator(unit: Unit, language: Language): Promise<Administrator> {
  const [first] = await administrators(unit.db);
  if (first) return first;
  const id = unit.ids.next();
  const fields = { name, name_folded: fold(name), role: 'administrator', language } as const;
  await insertMembers(unit.db, [newMember(unit, id, fields)]);
  return { id, signedIn: false };
}
