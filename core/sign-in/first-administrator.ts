import { fold } from '../fold.ts';
import type { Language } from '../language.ts';
import { type Administrator, administrators } from '../store/administrators.ts';
import { insertMembers } from '../store/members.ts';
import type { Unit } from '../unit.ts';

const name = 'Administrator';

/** The administrator to let in: the first there is, made when there is none (`language` is theirs then). */
export async function firstAdministrator(unit: Unit, language: Language): Promise<Administrator> {
  const [first] = await administrators(unit.db);
  if (first) return first;
  const id = unit.ids.next();
  await insertMembers(unit.db, [
    {
      id,
      name,
      name_folded: fold(name),
      email: null,
      company_id: null,
      role: 'administrator',
      language,
      status: 'listed',
      consent_at: null,
      consent_version: null,
      stopped_at: null,
      demo: 0,
      simulated: 0,
      tags: '[]',
      revision: 1,
      created_at: unit.now,
      updated_at: unit.now,
    },
  ]);
  return { id, signedIn: false };
}
