import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmAnnouncement } from '../../../core/announcements/confirm.ts';
import { createApiToken, removeApiToken } from '../../../core/api-tokens/api-tokens.ts';
import { reportBarrier } from '../../../core/barriers/report.ts';
import { encodeCursor } from '../../../core/page.ts';
import { vote } from '../../../core/polls/vote.ts';
import { addReply } from '../../../core/replies/replies.ts';
import { addPerson } from '../../core/announcements-support.ts';
import { addGroup } from '../../core/groups-support.ts';
import { apiToken, openTestApi, type TestApi } from './support.ts';

const both = (pl: string, en = pl) => ({ pl, en });
const announcement = {
  title: both('Przerwa w dostawie wody', 'Water cut'),
  text: both('Jutro nie będzie wody.', 'No water tomorrow.'),
  confirm: true,
};

let api: TestApi;

beforeEach(async () => {
  api = await openTestApi();
});

afterEach(() => api.close());

describe('groups', () => {
  it('are listed, chosen for an announcement, and reported apart from its counts', async () => {
    const id = await addGroup(api);
    expect((await api.call('/groups')).body).toEqual({
      items: [{ id, channel: 'telegram', title: '#ogłoszenia', place: null, open: true, joinButton: false }],
    });
    const made = await api.call('/announcements', { body: { ...announcement, groups: [id] } });
    await api.settle();
    const report = await api.call(`/announcements/${made.body.id}`);
    expect(report.body).toMatchObject({
      counts: { recipients: 0, accepted: 0 },
      groups: [{ group: { id, channel: 'telegram' }, status: 'accepted', reason: null }],
    });
    const unknown = await api.call('/announcements', { body: { ...announcement, groups: ['nowhere'] } });
    expect(unknown.status).toBe(422);
    expect(JSON.stringify(unknown.body)).toContain('groups');
  });
});

describe('who may call', () => {
  it('nobody without a token, and the description alone is open', async () => {
    for (const authorization of ['', 'Bearer wrong-token', `Basic ${apiToken}`]) {
      const answer = await api.call('/members', { headers: { authorization } });
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
  });

  it('a token made by staff works until it is removed', async () => {
    const { id, token } = await api.core.transaction((unit) => createApiToken(unit, 'Kalendarz'));
    const headers = { authorization: `Bearer ${token}` };
    expect((await api.call('/members', { headers })).status).toBe(200);
    await api.core.transaction((unit) => removeApiToken(unit, id));
    expect((await api.call('/members', { headers })).status).toBe(401);
    const stored = await api.database.db.selectFrom('api_token').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify(stored)).not.toContain(token);
  });
});

describe('announcements', () => {
  it('are sent, counted and listed with each delivery and reply', async () => {
    await addPerson(api, { id: 'ann', language: 'en' });
    await addPerson(api, { id: 'bob', accounts: [] });
    const made = await api.call('/announcements', { body: announcement });
    expect(made.status).toBe(201);
    const { id } = made.body;
    await api.settle();
    await api.core.transaction((unit) => confirmAnnouncement(unit, { announcementId: id, memberId: 'ann' }));
    await api.core.transaction((unit) =>
      addReply(unit, { subjectKind: 'announcement', subjectId: id, memberId: 'ann', text: 'Until when?' }),
    );
    const report = await api.call(`/announcements/${id}`);
    expect(report.body.counts).toEqual({
      ...{ recipients: 2, pending: 0, accepted: 1, unknown: 0, unreachable: 1, failed: 0 },
      ...{ confirmed: 1, replies: 1 },
    });
    expect(report.body.secondsToHalf).toBe(0);
    expect(report.body.secondsTo90).toBeNull();
    const deliveries = await api.call(`/announcements/${id}/deliveries?limit=1`);
    expect(deliveries.body.items).toHaveLength(1);
    const rest = await api.call(`/announcements/${id}/deliveries?cursor=${deliveries.body.next}`);
    const statuses = [...deliveries.body.items, ...rest.body.items].map((d) => [d.member.id, d.status]);
    expect(new Map(statuses as [string, string][])).toEqual(
      new Map([
        ['ann', 'confirmed'],
        ['bob', 'unreachable'],
      ]),
    );
    const replies = await api.call(`/announcements/${id}/replies`);
    expect(replies.body.items).toMatchObject([{ text: 'Until when?', member: { id: 'ann' } }]);
    const list = await api.call('/announcements');
    expect(list.body.items).toMatchObject([{ id, counts: { confirmed: 1 } }]);
  });

  it('wait for their time, and are paused, resumed and stopped', async () => {
    await addPerson(api, { id: 'ann' });
    const sendAt = '2026-11-24T09:00:00+01:00';
    const { body } = await api.call('/announcements', { body: { ...announcement, sendAt } });
    expect(body.status).toBe('scheduled');
    for (const [step, status] of [
      ['pause', 'paused'],
      ['resume', 'scheduled'],
      ['stop', 'stopped'],
    ]) {
      const answer = await api.call(`/announcements/${body.id}/${step}`, { method: 'POST' });
      expect(answer).toMatchObject({ status: 200, body: { id: body.id, status } });
    }
    await api.runUntil('2026-11-25T12:00:00Z');
    expect(api.channels.webchat.sent).toEqual([]);
  });

  it('to those nobody can reach are taken: the counts say that nobody was', async () => {
    await addPerson(api, { id: 'ann', language: 'en' });
    await addPerson(api, { id: 'listed', status: 'listed', accounts: [] });
    const { status, body } = await api.call('/announcements', {
      body: { ...announcement, audience: { languages: ['pl'] } },
    });
    expect(status).toBe(201);
    await api.settle();
    expect((await api.call(`/announcements/${body.id}`)).body).toMatchObject({
      status: 'sent',
      counts: { recipients: 1, accepted: 0, unreachable: 1 },
    });
  });

  it('that differ between the languages are refused unless overridden', async () => {
    await addPerson(api, { id: 'ann' });
    const uneven = {
      ...announcement,
      text: both('Spotkanie 24 listopada o 14:00.', 'Meeting on 25 November.'),
    };
    const refused = await api.call('/announcements', { body: uneven });
    expect(refused).toMatchObject({ status: 422, body: { code: 'announcements:errors.parity' } });
    const polish = await api.call('/announcements', {
      body: uneven,
      headers: { 'accept-language': 'pl' },
    });
    expect(polish.body.detail).not.toBe(refused.body.detail);
    expect((await api.call('/announcements', { body: { ...uneven, overrideParity: true } })).status).toBe(
      201,
    );
  });

  it('carry a picture', async () => {
    const pixel =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const attachment = { fileName: 'plan.png', contentType: 'image/png', data: pixel };
    await addPerson(api, { id: 'ann' });
    expect((await api.call('/announcements', { body: { ...announcement, attachment } })).status).toBe(201);
    await api.settle();
    expect(api.channels.webchat.to('ann')[0]?.blocks.some((b) => b.type === 'image')).toBe(true);
  });
});

describe('wrong input', () => {
  it.each([
    ['no body', '/announcements', ''],
    ['broken JSON', '/announcements', '{"title":'],
    ['an array', '/announcements', '[]'],
    ['a wrong type', '/announcements', JSON.stringify({ ...announcement, confirm: 'yes' })],
    ['an unknown field', '/announcements', JSON.stringify({ ...announcement, colour: 'red' })],
    [
      'a date without a zone',
      '/announcements',
      JSON.stringify({ ...announcement, sendAt: '2026-11-24 09:00' }),
    ],
    ['a poll without options', '/polls', JSON.stringify({ question: both('?') })],
    ['an unknown language', '/invitations', JSON.stringify({ language: 'de' })],
  ])('%s is answered with a problem that names the place', async (_, path, body) => {
    const answer = await api.call(path, { raw: { body, type: 'application/json' } });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(api.faults).toEqual([]);
  });

  it('a body that does not say it is JSON is asked to', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
      const raw = { body: JSON.stringify(announcement), type };
      expect(await api.call('/announcements', { raw })).toMatchObject({
        status: 415,
        body: { code: 'mediaType', detail: 'Say what the body is: "Content-Type: application/json".' },
      });
    }
  });

  it('a cursor that is none begins nowhere, an empty one at the beginning', async () => {
    await addPerson(api, { id: 'ann' });
    for (const path of ['/members', '/announcements', '/polls', '/barriers', '/companies', '/invitations']) {
      expect(await api.call(`${path}?cursor=WyJhIl`)).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'cursor', message: 'This is the `next` of no page.' }] },
      });
    }
    expect((await api.call('/members?cursor=')).body.items).toMatchObject([{ id: 'ann' }]);
  });

  it.each([{ company: 'nowhere' }, { member: 'nobody' }])(
    'an invitation for %j is refused by that field',
    async (body) => {
      const path = Object.keys(body)[0];
      const answer = await api.call('/invitations', { body });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ path }] } });
    },
  );

  it('a path there is not is answered by the API itself, not by what is mounted beside it', async () => {
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['DELETE', '/members'],
      ['GET', '/members/a/b'],
    ] as const) {
      const answer = await api.call(path, { method });
      expect([path, answer.status, answer.body.code]).toEqual([path, 404, 'noSuchPath']);
    }
  });

  it('an unknown id, path and audience are told apart from faults', async () => {
    expect((await api.call('/announcements/nothing')).status).toBe(404);
    expect((await api.call('/announcements/nothing/deliveries')).status).toBe(404);
    expect((await api.call('/announcements/nothing/stop', { method: 'POST' })).status).toBe(404);
    expect((await api.call('/polls/nothing/results')).status).toBe(404);
    expect((await api.call('/barriers/nothing')).status).toBe(404);
    const audience = { branches: ['no-such-branch'] };
    expect((await api.call('/announcements', { body: { ...announcement, audience } })).status).toBe(422);
    expect((await api.call('/members?limit=0')).status).toBe(400);
    expect((await api.call('/members?cursor=garbage')).status).toBeLessThan(500);
    expect(api.faults).toEqual([]);
  });
});

describe('what no database takes', () => {
  it('a NUL character in an id, a filter, a search or a cursor finds what there is without it', async () => {
    const cursor = encodeCursor(['\0', '\0']);
    for (const path of [
      ...['/announcements/\0', '/polls/\0', '/barriers/\0', '/members/\0', '/announcements/\0/deliveries'],
    ]) {
      expect((await api.call(encodeURI(path))).status).toBe(404);
    }
    for (const list of ['members', 'companies', 'announcements', 'polls', 'barriers', 'invitations']) {
      const answer = await api.call(`/${list}?search=a%00&company=%00&branch=%00&cursor=${cursor}`);
      expect([list, answer.status]).toEqual([list, 200]);
    }
    const invitation = { name: 'Osoba', company: '\0' };
    expect((await api.call('/invitations', { body: invitation })).status).toBe(422);
    const { status } = await api.call('/announcements', {
      body: { ...announcement, audience: { companies: ['\0'], tags: ['\0'] } },
    });
    expect(status).toBe(422);
    expect(api.faults).toEqual([]);
  });

  it('a cursor beyond the numbers there can be begins at the beginning', async () => {
    for (const number of ['2147483648', '-1', '1e300', 'x']) {
      const answer = await api.call(`/barriers?cursor=${encodeCursor([number])}`);
      expect([number, answer.status]).toEqual([number, 200]);
    }
    expect(api.faults).toEqual([]);
  });
});

describe('an Idempotency-Key', () => {
  beforeEach(() => addPerson(api, { id: 'ann' }));

  it('makes a repeated POST one', async () => {
    const call = { body: announcement, headers: { 'idempotency-key': 'order-1' } };
    const first = await api.call('/announcements', call);
    const again = await api.call('/announcements', call);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await api.call('/announcements')).body.items).toHaveLength(1);
  });

  it('is refused for another request', async () => {
    const headers = { 'idempotency-key': 'order-1' };
    await api.call('/announcements', { body: announcement, headers });
    const other = await api.call('/announcements', { body: { ...announcement, confirm: false }, headers });
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotencyKey' } });
  });

  it('serves a corrected request after a refused one', async () => {
    const headers = { 'idempotency-key': 'order-2' };
    await api.call('/announcements', { body: { ...announcement, title: both('') }, headers });
    expect((await api.call('/announcements', { body: announcement, headers })).status).toBe(201);
  });

  it('holds under two requests at once', async () => {
    const call = { body: announcement, headers: { 'idempotency-key': 'twins' } };
    const [a, b] = await Promise.all([api.call('/announcements', call), api.call('/announcements', call)]);
    expect(a?.body).toEqual(b?.body);
    expect((await api.call('/announcements')).body.items).toHaveLength(1);
  });
});

describe('polls', () => {
  const poll = {
    question: both('Kawa czy herbata?', 'Coffee or tea?'),
    options: [both('Kawa', 'Coffee'), both('Herbata', 'Tea')],
    multiple: false,
    anonymous: false,
    showResults: 'afterVote',
    closesAt: '2026-11-25T12:00:00Z',
  };

  it('are asked and counted', async () => {
    for (const id of ['ann', 'bob']) await addPerson(api, { id });
    const { status, body } = await api.call('/polls', { body: poll });
    expect(status).toBe(201);
    await api.settle();
    await api.core.transaction((unit) => vote(unit, { pollId: body.id, memberId: 'ann', values: [1] }));
    const results = await api.call(`/polls/${body.id}/results`);
    expect(results.body).toEqual({
      asked: 2,
      voted: 1,
      options: [
        { label: both('Kawa', 'Coffee'), votes: 0 },
        { label: both('Herbata', 'Tea'), votes: 1 },
      ],
    });
    expect((await api.call(`/polls/${body.id}`)).body.status).toBe('open');
    expect((await api.call('/polls')).body.items).toHaveLength(1);
  });

  it('are paused, resumed, closed before their time, and stopped', async () => {
    await addPerson(api, { id: 'ann' });
    const steps = async (id: string, ...taken: [step: string, status: string][]) => {
      for (const [step, status] of taken) {
        const answer = await api.call(`/polls/${id}/${step}`, { method: 'POST' });
        expect(answer).toMatchObject({ status: 200, body: { id, status } });
      }
    };
    const [one, other] = [await api.call('/polls', { body: poll }), await api.call('/polls', { body: poll })];
    await api.settle();
    await steps(one.body.id, ['pause', 'paused'], ['resume', 'open'], ['close', 'closed']);
    await steps(other.body.id, ['stop', 'stopped']);
    expect(await api.call(`/polls/${one.body.id}/resume`, { method: 'POST' })).toMatchObject({
      status: 422,
      body: { code: 'polls:errors.closed' },
    });
  });

  it('remind twice, a day apart, when nothing else is said', async () => {
    await addPerson(api, { id: 'ann' });
    const { body } = await api.call('/polls', { body: poll });
    const { reminders } = (await api.call(`/polls/${body.id}`)).body;
    expect(reminders).toEqual({ count: 2, everyHours: 24 });
  });

  it('with one option are refused by the field', async () => {
    const answer = await api.call('/polls', { body: { ...poll, options: [both('Kawa', 'Coffee')] } });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].path).toBe('options');
  });

  it('asked anonymously hide the counts of too few', async () => {
    await addPerson(api, { id: 'ann' });
    const { body } = await api.call('/polls', { body: { ...poll, anonymous: true } });
    await api.settle();
    await api.core.transaction((unit) => vote(unit, { pollId: body.id, memberId: 'ann', values: [0] }));
    const results = await api.call(`/polls/${body.id}/results`);
    expect(results.body).toMatchObject({
      voted: 1,
      hidden: 'smallGroup',
      options: [{ votes: null }, { votes: null }],
    });
  });
});

describe('people', () => {
  it('are listed, found and paged', async () => {
    for (const id of ['ann', 'bob', 'cyd']) await addPerson(api, { id });
    const page = await api.call('/members?limit=2');
    expect(page.body.items).toHaveLength(2);
    const rest = await api.call(`/members?limit=2&cursor=${encodeURIComponent(page.body.next)}`);
    expect(rest.body).toMatchObject({ items: [{ id: 'cyd' }], next: null });
    expect((await api.call('/members?search=BOB')).body.items).toMatchObject([{ id: 'bob' }]);
    expect((await api.call('/members/ann')).body.channels).toEqual([{ channel: 'webchat', status: 'open' }]);
  });

  it.each(['Ż', '9', '公', '🏭'])(
    'are paged by companies with the longest names there can be, of %s',
    async (letter) => {
      const name = letter.repeat(196 / letter.length);
      const raw = { body: `firma\n${name} 1\n${name} 2\n`, type: 'text/csv' };
      expect((await api.call('/companies/import', { raw })).body.counts.add).toBe(2);
      const { items, next } = (await api.call('/companies?limit=1')).body;
      const rest = await api.call(`/companies?limit=1&cursor=${next}`);
      expect([...items, ...rest.body.items].map((c) => c.name)).toEqual([`${name} 1`, `${name} 2`]);
    },
  );

  it('are invited with a link for each messenger, until revoked', async () => {
    const made = await api.call('/invitations', { body: { name: 'Osoba próbna', language: 'pl' } });
    expect(made).toMatchObject({ status: 201, body: { state: 'created', kind: 'personal' } });
    const { code, links } = made.body;
    expect(links.webchat).toContain(code);
    expect(links.telegram).toContain(code);
    const revoked = await api.call(`/invitations/${code}/revoke`, { method: 'POST' });
    expect(revoked.body.state).toBe('revoked');
    expect((await api.call('/invitations')).body.items.some((i: { code: string }) => i.code === code)).toBe(
      true,
    );
  });

  it('come with their companies from a CSV file, previewed first', async () => {
    const raw = { body: 'firma;branża\nAlfa Testowa;ICT\nBeta Testowa;nie ma takiej\n', type: 'text/csv' };
    const preview = await api.call('/companies/import?preview=true', { raw });
    expect(preview.body).toMatchObject({ preview: true, counts: { add: 1, refuse: 1 } });
    expect((await api.call('/companies')).body.items).toEqual([]);
    const done = await api.call('/companies/import', { raw });
    expect(done.body.counts).toEqual(preview.body.counts);
    const { items } = (await api.call('/companies?search=alfa')).body;
    expect(items).toMatchObject([{ name: 'Alfa Testowa', branch: { id: 'ict' } }]);
    expect((await api.call(`/companies/${items[0].id}`)).status).toBe(200);
  });
});

describe('barriers', () => {
  it('are listed, moved and answered; an anonymous one names nobody', async () => {
    await addPerson(api, { id: 'ann' });
    const report = { memberId: 'ann', text: 'Za słaby internet', kind: 'infrastructure' } as const;
    const { id } = await api.core.transaction((unit) =>
      reportBarrier(unit, { ...report, visibility: 'private', anonymous: true }),
    );
    const list = await api.call('/barriers?status=new');
    expect(list.body.items).toMatchObject([{ id, number: 1, reporter: null, company: null }]);
    const moved = await api.call(`/barriers/${id}`, {
      method: 'PATCH',
      body: { status: 'inProgress', note: 'Sprawdzamy' },
    });
    expect(moved.body.status).toBe('inProgress');
    const stale = await api.call(`/barriers/${id}`, {
      method: 'PATCH',
      body: { status: 'solved', revision: 1 },
    });
    expect(stale.status).toBe(409);
    const answered = await api.call(`/barriers/${id}/messages`, { body: { text: 'Technik będzie jutro.' } });
    expect(answered.status).toBe(201);
    expect(answered.body.messages.at(-1).text).toBe('Technik będzie jutro.');
    expect(JSON.stringify([list.body, moved.body, answered.body])).not.toContain('"ann"');
    await api.settle();
    expect(api.channels.webchat.to('ann').length).toBeGreaterThan(0);
  });
});
