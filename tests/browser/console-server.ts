import { type ServerType, serve } from '@hono/node-server';
import { confirmAnnouncement, createAnnouncement } from '../../core/announcements/index.ts';
import { reportBarrier } from '../../core/barriers/report.ts';
import { loadDemo } from '../../core/demo/load.ts';
import { learnGroups, listGroups } from '../../core/groups/group.ts';
import { saveMember } from '../../core/members/member.ts';
import { updateNetwork } from '../../core/network/settings.ts';
import { createPoll } from '../../core/polls/create.ts';
import { vote } from '../../core/polls/vote.ts';
import { addReply } from '../../core/replies/replies.ts';
import { allMembers } from '../../core/store/members.ts';
import { openConsole, type TestConsole } from '../console/support.ts';
import type { TestCore } from '../support/test-core.ts';

export interface ConsoleServer extends TestConsole {
  readonly url: string;
}

/** The panel on a real port over the test core. */
export async function startConsole(): Promise<ConsoleServer> {
  const t = await openConsole();
  const { server, port } = await new Promise<{ server: ServerType; port: number }>((listening) => {
    const made = serve({ fetch: t.app.fetch, hostname: '127.0.0.1', port: 0 }, (info) =>
      listening({ server: made, port: info.port }),
    );
  });
  const close = async () => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
    await t.close();
  };
  return { ...t, url: `http://localhost:${port}`, close };
}

export interface Story {
  readonly announcementId: string;
  readonly pollId: string;
  readonly barrierId: string;
  readonly memberId: string;
}

/** A named network with the demo loaded, an announcement half confirmed, a poll, a reply and a report. */
export async function tellStory({ tc, settle }: TestConsole, authorId: string): Promise<Story> {
  const { core, clock } = tc;
  await core.transaction((unit) => updateNetwork(unit, { name: 'Sieć Przykładowa' }, 1));
  await core.transaction((unit) => loadDemo(unit));
  const people = (await allMembers(core.db)).filter((m) => m.status === 'active' && m.demo === 1);
  const groups = await letIn(tc);
  await listPeople(tc);
  const announcement = await core.transaction((unit) =>
    createAnnouncement(
      unit,
      {
        title: { pl: 'Zamknięcie parkingu przy budynku C', en: 'Car park at building C closed' },
        text: {
          pl: 'W piątek 27 listopada od 6:00 do 14:00 parking przy budynku C będzie zamknięty. Prosimy korzystać z parkingu przy bramie wschodniej.',
          en: 'On Friday 27 November from 6:00 to 14:00 the car park at building C is closed. Please use the car park at the east gate.',
        },
        link: 'https://park.example/mapa',
        confirm: true,
        groups,
      },
      authorId,
    ),
  );
  const poll = await core.transaction((unit) =>
    createPoll(
      unit,
      {
        question: { pl: 'Który dzień na spotkanie firm?', en: 'Which day for the companies’ meeting?' },
        options: [
          { pl: 'Wtorek, 1 grudnia', en: 'Tuesday 1 December' },
          { pl: 'Środa, 2 grudnia', en: 'Wednesday 2 December' },
          { pl: 'Czwartek, 3 grudnia', en: 'Thursday 3 December' },
        ],
        multiple: false,
        anonymous: false,
        showResults: 'afterVote',
        urgent: false,
        closesAt: clock.now() + 3 * 86_400_000,
        audience: {},
        reminders: { count: 1, everyHours: 24 },
        overrideParity: false,
      },
      authorId,
    ),
  );
  await settle();
  for (const [n, { id: memberId }] of people.slice(0, 70).entries()) {
    clock.advance(20_000);
    await core.transaction((unit) =>
      confirmAnnouncement(unit, { announcementId: announcement.id, memberId }),
    );
    if (n % 2 === 0) {
      await core.transaction((unit) =>
        vote(unit, { pollId: poll.id, memberId, values: [n % 6 === 0 ? 1 : n % 4 === 0 ? 0 : 2] }),
      );
    }
  }
  const [first, second] = people;
  if (!first || !second) throw new Error('the demo network has no people');
  await core.transaction((unit) =>
    addReply(unit, {
      subjectKind: 'announcement',
      subjectId: announcement.id,
      memberId: first.id,
      text: 'Czy dostawcy też mają wjeżdżać od strony bramy wschodniej?',
    }),
  );
  const barrier = await core.transaction((unit) =>
    reportBarrier(unit, {
      memberId: second.id,
      text: 'W budynku B od tygodnia nie działa szlaban i dostawy czekają nawet pół godziny.',
      kind: 'infrastructure',
      visibility: 'private',
      anonymous: false,
    }),
  );
  await settle();
  return { announcementId: announcement.id, pollId: poll.id, barrierId: barrier.id, memberId: first.id };
}

/** Groups with names long and short in which Wici may post, and one it may not; the ids of the former. */
async function letIn({ core, channels }: TestCore): Promise<string[]> {
  const open = [
    { externalId: 'G1', title: '#ogłoszenia', place: 'Serwer sieci przykładowej' },
    { externalId: 'G2', title: '#bardzo-długa-nazwa-kanału-wszystkich-firm-z-sieci' },
  ];
  const all = [...open, { externalId: 'G3', title: 'Dawna grupa' }];
  channels.telegram.letIn = open;
  for (const groups of [all, open]) {
    await core.transaction((unit) => learnGroups(unit, 'telegram', groups));
  }
  return (await listGroups(core.db, 'telegram')).filter((g) => g.open).map((g) => g.id);
}

/** People with long addresses on the list, who stand in a messenger's directory. */
async function listPeople({ core, channels: { telegram } }: TestCore): Promise<void> {
  Object.assign(telegram.capabilities, { directory: { lookupsPerMinute: 60_000 } });
  for (const n of [1, 2, 3, 4]) {
    const email = `osoba${n}.o.bardzo.dlugim.adresie@przykladowa-firma.example.org`;
    telegram.directory.set(email, { externalId: `70${n}` });
    const person = { name: `Osoba z listy ${n}`, email, role: 'member', language: 'pl' } as const;
    await core.transaction((unit) => saveMember(unit, person));
  }
}
