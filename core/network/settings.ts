import { DomainError } from '../domain-error.ts';
import { isLanguage, type Language } from '../language.ts';
import { changeNetwork, findNetwork, type Network } from '../store/network.ts';
import type { Db } from '../store/schema.ts';
import { waitNoLonger } from '../store/sending.ts';
import { atMost, tidy } from '../tidy.ts';
import type { Unit } from '../unit.ts';
import { nextAllowed, type QuietHours } from './quiet-hours.ts';

/** The organisation's own settings, edited on the console. */
export interface NetworkSettings {
  readonly name: string;
  /** The first is the network's own. */
  readonly languages: Language[];
  /** IANA zone. */
  readonly timeZone: string;
  /** "HH:MM" in timeZone; both null = no quiet hours. */
  readonly quietFrom: string | null;
  readonly quietTo: string | null;
  readonly joining: 'invited' | 'open';
  /** Answers of groups smaller than this are not shown. */
  readonly smallestGroup: number;
  /** Whom to ask about personal data. */
  readonly contact: string | null;
  /** When an administrator named the network, epoch ms; null = not yet. */
  readonly namedAt: number | null;
  readonly revision: number;
}

export type NetworkChange = Partial<Omit<NetworkSettings, 'namedAt' | 'revision'>>;

export async function networkSettings(db: Db): Promise<NetworkSettings> {
  return toSettings(await findNetwork(db));
}

/**
 * Changes what is given. Giving a name ends the first run (namedAt).
 * Errors: common:errors.conflict when the settings moved on from `revision`; people:errors.* with the field at fault.
 */
export async function updateNetwork(
  unit: Unit,
  change: NetworkChange,
  revision: number,
): Promise<NetworkSettings> {
  const current = await networkSettings(unit.db);
  const next = checked({ ...current, ...change });
  const changed = await changeNetwork(unit.db, revision, {
    name: next.name,
    languages: JSON.stringify(next.languages),
    time_zone: next.timeZone,
    quiet_from: next.quietFrom,
    quiet_to: next.quietTo,
    joining: next.joining,
    smallest_group: next.smallestGroup,
    contact: next.contact,
    named_at: current.namedAt ?? (change.name === undefined ? null : unit.now),
    updated_at: unit.now,
  });
  if (!changed) throw new DomainError('common:errors.conflict');
  const [until, instead] = [current, next].map((settings) => nextAllowed(unit.now, quietOf(settings)));
  if (until !== undefined && until !== instead) await waitNoLonger(unit.db, until, unit.now);
  unit.ring({ kind: 'changed', topic: 'network' });
  return networkSettings(unit.db);
}

const quietOf = ({ timeZone, quietFrom, quietTo }: NetworkSettings): QuietHours => ({
  timeZone,
  from: quietFrom,
  to: quietTo,
});

function checked(settings: NetworkSettings): NetworkSettings {
  const name = atMost(tidy(settings.name), 100, 'name');
  if (name === '') throw new DomainError('people:errors.networkName', {}, 'name');
  const languages = [...new Set(settings.languages)];
  if (languages.length === 0 || !languages.every(isLanguage)) {
    throw new DomainError('people:errors.languages', {}, 'languages');
  }
  if (!isTimeZone(settings.timeZone)) throw new DomainError('people:errors.timeZone', {}, 'timeZone');
  if (settings.joining !== 'invited' && settings.joining !== 'open') {
    throw new DomainError('people:errors.joining', {}, 'joining');
  }
  const group = settings.smallestGroup;
  if (!Number.isInteger(group) || group < 1 || group > 1000) {
    throw new DomainError('people:errors.smallestGroup', { min: 1, max: 1000 }, 'smallestGroup');
  }
  const contact = atMost(tidy(settings.contact ?? ''), 300, 'contact') || null;
  return { ...settings, ...checkedQuietHours(settings), name, languages, contact };
}

function checkedQuietHours({ quietFrom, quietTo }: NetworkSettings) {
  const from = quietFrom || null;
  const to = quietTo || null;
  if ((from === null) !== (to === null)) {
    throw new DomainError('people:errors.quietHoursBoth', {}, from === null ? 'quietFrom' : 'quietTo');
  }
  for (const [field, time] of Object.entries({ quietFrom: from, quietTo: to })) {
    if (time !== null && !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) {
      throw new DomainError('people:errors.quietHours', {}, field);
    }
  }
  return { quietFrom: from, quietTo: to };
}

function isTimeZone(zone: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions();
    return /^[A-Za-z]/.test(timeZone);
  } catch {
    return false;
  }
}

function toSettings(row: Network): NetworkSettings {
  return {
    name: row.name,
    languages: (JSON.parse(row.languages) as unknown[]).filter(isLanguage),
    timeZone: row.time_zone,
    quietFrom: row.quiet_from,
    quietTo: row.quiet_to,
    joining: row.joining,
    smallestGroup: row.smallest_group,
    contact: row.contact,
    namedAt: row.named_at,
    revision: row.revision,
  };
}
