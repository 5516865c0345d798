import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnnouncement } from '../../core/announcements/create.ts';
import { ChannelError } from '../../core/channels/channel-error.ts';
import { forgetTaken, takeEvent } from '../../core/inbox.ts';
import type { Core } from '../../core/unit.ts';
import { openTestCore, type TestCore } from '../support/test-core.ts';
import { joinedMember } from '../transcripts/network.ts';
import { Person } from '../transcripts/transcript.ts';

let test: TestCore;
beforeEach(async () => {
  test = await openTestCore();
});
afterEach(() => test.close());

/** The core whose transactions fail at their end, `times` times. */
function failing(core: Core, times: number, error: Error): Core {
  let left = times;
  return {
    ...core,
    transaction: (work) =>
      core.transaction(async (unit) => {
        const result = await work(unit);
        if (left-- > 0) throw error;
        return result;
      }),
  };
}

const coded = (code: string) => Object.assign(new Error('secret words of a person'), { code });

describe('taking an event', () => {
  it('that cannot be handled asks the person to try again and never poisons the stream', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    const event = person.event({ type: 'command', name: 'menu', args: '' });
    const broken = failing(test.core, 1, new TypeError('secret words of a person'));
    const { fault } = await takeEvent(broken, event);
    expect(fault?.message).toBe('TypeError');
    expect(fault?.stack).not.toContain('secret');
    await test.settle();
    expect(person.news()).toContain('Coś poszło nie tak po naszej stronie');
    expect(await takeEvent(test.core, event)).toEqual({});
    await test.settle();
    expect(person.news()).toBe('');
  });

  it('is not taken while the database cannot be used, and taken when it comes again', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    const event = person.event({ type: 'command', name: 'menu', args: '' });
    await expect(takeEvent(failing(test.core, 1, coded('SQLITE_FULL')), event)).rejects.toThrow();
    await expect(takeEvent(failing(test.core, 1, coded('57P01')), event)).rejects.toThrow();
    expect(await takeEvent(test.core, event)).toEqual({});
    await test.settle();
    expect(person.news()).toContain('[Sondy]');
  });

  it('is tried anew at once when two got in each other’s way', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    const event = person.event({ type: 'command', name: 'menu', args: '' });
    expect(await takeEvent(failing(test.core, 3, coded('40001')), event)).toEqual({});
    await test.settle();
    expect(person.news().match(/\[Sondy\]/g)).toHaveLength(1);
  });

  it('leaves nothing behind of what failed', async () => {
    const { person, id } = await joinedMember(test, 'Anna Przykładowa');
    const event = person.event({ type: 'command', name: 'stop', args: '' });
    await takeEvent(failing(test.core, 1, new Error('x')), event);
    const row = await test.core.db
      .selectFrom('member')
      .select('status')
      .where('id', '=', id)
      .executeTakeFirst();
    expect(row?.status).toBe('active');
  });

  it('keeps no text, no person and no answer among the events taken', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.does('Tajna sprawa');
    const events = await test.core.db.selectFrom('inbound_event').selectAll().execute();
    expect(JSON.stringify(events)).not.toContain('Tajna');
    expect(Object.keys(events[0] ?? {}).sort()).toEqual(['channel', 'external_event_id', 'taken_at']);
  });

  it('answers on the messenger written from, although another was used last', async () => {
    const { person: phone } = await joinedMember(test, 'Anna Przykładowa', { channel: 'telegram' });
    const answer = await phone.does('/link');
    const web = new Person(test, { channel: 'webchat' });
    await web.does(`/start ${/[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(answer)?.[0] ?? ''}`);
    test.clock.advance(1000);
    await web.take({ type: 'command', name: 'menu', args: '' });
    await phone.take({ type: 'command', name: 'pomoc', args: '' });
    await web.take({ type: 'command', name: 'jezyk', args: '' });
    await test.settle();
    expect(phone.news()).toContain('Pomoc');
    const onWeb = web.news();
    expect(onWeb).toContain('[Sondy]');
    expect(onWeb).toContain('W jakim języku');
  });

  it('carries one conversation over two messengers', async () => {
    const { person: phone } = await joinedMember(test, 'Anna Przykładowa', { channel: 'telegram' });
    const answer = await phone.does('/link');
    const web = new Person(test, { channel: 'webchat' });
    await web.does(/[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(answer)?.[0] ?? '');
    await phone.does('/zglos Brama nie działa');
    await web.verify([['infrastruktura', 'Kto może zobaczyć']]);
    await phone.verify([[{ old: 'finanse' }, ['nieaktualny', 'Kto może zobaczyć']]]);
  });

  it('of a press shows on the very message that the messenger had never said it took', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    const { sent, failures } = person.channel;
    failures.push((externalId) => {
      sent.push({ externalId, externalMessageId: 'm-late', message: { blocks: [] } as never, edits: 0 });
      return new ChannelError('Unavailable', 'no answer', { maybeSent: true });
    });
    const text = { pl: 'Zbiórka', en: 'Meeting' };
    await test.core.transaction((unit) =>
      createAnnouncement(unit, { title: text, text, confirm: true, urgent: true }, null),
    );
    await test.settle();
    const unknown = test.core.db
      .selectFrom('delivery')
      .selectAll()
      .where('subject_kind', '=', 'announcement');
    const { token, status } = await unknown.executeTakeFirstOrThrow();
    expect(status).toBe('unknown');
    await person.take({ type: 'action', token, id: 'confirm', values: [], externalMessageId: 'm-late' });
    await test.settle();
    expect(await unknown.executeTakeFirst()).toMatchObject({
      ...{ status: 'accepted', reason: null, external_message_id: 'm-late' },
    });
    expect(JSON.stringify(sent.at(-1)?.message)).toContain('Przeczytane');
    expect(sent.at(-1)).toMatchObject({ externalMessageId: 'm-late', edits: 1 });
  });

  it('marks an address as gone when blocked and opens it again with any message', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    const status = async () =>
      (await test.core.db.selectFrom('account').select('status').executeTakeFirst())?.status;
    await person.verify([[{ type: 'blocked' }, '']]);
    expect(await status()).toBe('gone');
    await person.verify([['/menu', '[Sondy]']]);
    expect(await status()).toBe('open');
  });

  it('of somebody unknown who only blocks makes nobody', async () => {
    await new Person(test).verify([[{ type: 'blocked' }, '']]);
    expect(await test.core.db.selectFrom('account').selectAll().execute()).toEqual([]);
  });

  it('is forgotten when no platform repeats it any more', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    const count = async () => (await test.core.db.selectFrom('inbound_event').selectAll().execute()).length;
    await forgetTaken(test.core);
    expect(await count()).toBe(3);
    test.clock.advance(8 * 24 * 3_600_000);
    await person.does('/menu');
    await forgetTaken(test.core);
    expect(await count()).toBe(1);
  });

  it('of one person at two places at once is taken one after the other', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.does('/zglos Brama nie działa');
    await person.does('[finanse]');
    const once = person.press(['Tylko zespół']);
    const twice = person.press(['Inni też, bez podpisu']);
    const taken = await Promise.all([once, twice, once, twice].map((press) => person.take(press)));
    expect(taken).toEqual([{}, {}, {}, {}]);
    await test.settle();
    expect(await test.core.db.selectFrom('barrier').selectAll().execute()).toHaveLength(1);
    expect(person.news()).toContain('już nieaktualny');
  });

  it('first seen twice at once makes one account', async () => {
    const person = new Person(test);
    const taken = await Promise.all(['/a', '/b', '/c'].map((text) => person.take({ type: 'text', text })));
    expect(taken).toEqual([{}, {}, {}]);
    expect(await test.core.db.selectFrom('account').selectAll().execute()).toHaveLength(1);
  });

  it('survives a restart in the middle of a dialog', async () => {
    const { person } = await joinedMember(test, 'Anna Przykładowa');
    await person.does('/zglos Brama nie działa');
    const row = await test.core.db
      .selectFrom('conversation')
      .selectAll()
      .where('dialog', '=', 'report')
      .executeTakeFirst();
    expect(JSON.parse(row?.state ?? '{}')).toMatchObject({
      dialog: 'report',
      state: { text: 'Brama nie działa' },
    });
    await test.core.db
      .updateTable('conversation')
      .set({ state: JSON.stringify({ ...JSON.parse(row?.state ?? '{}'), version: 0 }) })
      .execute();
    await person.verify([['[finanse]', ['zaczynamy to od początku', 'Czego to dotyczy?']]]);
  });
});
