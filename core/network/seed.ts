import { insertNetworkInvitation } from '../invitations/invitation.ts';
import { insertBranches } from '../store/branches.ts';
import { insertNetwork, networkExists } from '../store/network.ts';
import type { Unit } from '../unit.ts';

/** The pilot's branches; ids are stable: imports, audiences and the demo network name them. */
const branches = [
  ['construction', 'budownictwo', 'construction'],
  ['chemical', 'branża chemiczno-kosmetyczna', 'chemical and cosmetic'],
  ['energy', 'energetyka i\u00a0OZE', 'energy and renewables'],
  ['ict', 'ICT', 'ICT'],
  ['advertising', 'reklama', 'advertising'],
  ['machines', 'projektowanie i\u00a0budowa maszyn', 'design and construction of machines'],
  ['services', 'usługi dla biznesu', 'business services'],
  ['other', 'inne', 'other'],
] as const;

/** The network's row, its branches and its open link, as a first start needs them. Done before: does nothing. */
export async function seedNetwork(unit: Unit): Promise<void> {
  if (await networkExists(unit.db)) return;
  await insertNetwork(unit.db, {
    id: 'network',
    name: 'Wici',
    languages: JSON.stringify(['pl', 'en']),
    time_zone: 'Europe/Warsaw',
    quiet_from: '20:00',
    quiet_to: '07:00',
    joining: 'invited',
    smallest_group: 5,
    contact: null,
    named_at: null,
    revision: 1,
    updated_at: unit.now,
  });
  await insertBranches(
    unit.db,
    branches.map(([id, name_pl, name_en], position) => ({
      id,
      name_pl,
      name_en,
      position,
      archived_at: null,
    })),
  );
  await insertNetworkInvitation(unit);
}
