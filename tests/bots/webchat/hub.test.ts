import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebchatAdapter } from '../../../bots/webchat/adapter.ts';
import type { RenderedMessage } from '../../../bots/webchat/render.ts';
import type { InboundEvent } from '../../../core/channels/inbound-event.ts';
import { insertAttachment } from '../../../core/store/attachments.ts';
import { eraseWebchat } from '../../../core/store/webchat.ts';
import { createCore } from '../../../runtime/core.ts';
import { type Database, openDatabase } from '../../../runtime/database.ts';
import { type Line, NobodyListens, type Posted, WebchatHub } from '../../../runtime/webchat-hub.ts';
import { countingIds, TestClock } from '../../support/fakes.ts';

const said = (text: string): RenderedMessage => ({
  token: 'T000000000000001',
  language: 'pl',
  blocks: [{ type: 'text', text }],
});
const wrote = (text: string, id = `post-${text}`): Posted => ({ kind: 'message', id, text });

function wordsOf(lines: readonly Line[]): string[] {
  return lines.map((line) => {
    if (line.from === 'person') return `person: ${line.text}`;
    const [block] = line.message.blocks;
    return `wici: ${block?.type === 'text' ? block.text : block?.type}`;
  });
}

describe('the web chat’s platform', () => {
  let database: Database;
  let clock: TestClock;
  let hub: WebchatHub;

  beforeEach(async () => {
    database = openDatabase(':memory:');
    await database.migrate();
    clock = new TestClock('2026-11-23T10:00:00Z');
    const texts = { translate: () => '' };
    hub = new WebchatHub(
      createCore({
        database,
        clock,
        ids: countingIds(),
        texts,
        channels: () => ['webchat'],
        wayIn: () => null,
        hear: () => undefined,
        url: 'http://localhost:8080',
      }),
    );
  });
  afterEach(() => database.close());

  const transcript = async (externalId = 'ala') => wordsOf(await hub.page(externalId, 50));

  it('shows a message once, however often it is sent', async () => {
    await Promise.all([hub.append('ala', 'd1', said('raz')), hub.append('ala', 'd1', said('raz'))]);
    await hub.append('ala', 'd1', said('raz'));
    expect(await transcript()).toEqual(['wici: raz']);
  });

  it('keeps messages in the order they came, also within one moment', async () => {
    hub.listen(async (externalId) => hub.append(externalId, 'd2', said('odpowiedź')));
    await hub.append('ala', 'd1', said('pytanie'));
    await hub.post('ala', wrote('słowa'));
    await hub.append('ala', 'd3', said('koniec'));
    expect(await transcript()).toEqual(['wici: pytanie', 'person: słowa', 'wici: odpowiedź', 'wici: koniec']);
  });

  it('edits in place, and tells open pages only of what changed', async () => {
    let rings = 0;
    hub.subscribe('ala', () => {
      rings += 1;
    });
    await hub.append('ala', 'd1', said('przed'));
    await hub.append('ala', 'd2', said('drugie'));
    const seen = await hub.position('ala');
    await hub.edit('ala', 'd1', said('po'));
    await hub.edit('ala', 'd1', said('po'));
    expect(await transcript()).toEqual(['wici: po', 'wici: drugie']);
    expect(wordsOf(await hub.since('ala', seen, 10))).toEqual(['wici: po']);
    expect(rings).toBe(3);
  });

  it('edits nobody else’s message', async () => {
    await hub.append('ala', 'd1', said('moje'));
    await hub.edit('ola', 'd1', said('obce'));
    expect(await transcript()).toEqual(['wici: moje']);
  });

  it('takes a post once: posted again it makes no second line', async () => {
    const taken: Posted[] = [];
    hub.listen(async (_, posted) => void taken.push(posted));
    await hub.post('ala', wrote('raz'));
    await hub.post('ala', wrote('raz'));
    expect(await transcript()).toEqual(['person: raz']);
    expect(taken).toHaveLength(2);
  });

  it('shows nothing that was not taken', async () => {
    hub.listen(async () => {
      throw new Error('the database is away');
    });
    await expect(hub.post('ala', wrote('słowa'))).rejects.toThrow('away');
    expect(await transcript()).toEqual([]);
  });

  it('refuses posts while nobody listens', async () => {
    await expect(hub.post('ala', wrote('słowa'))).rejects.toBeInstanceOf(NobodyListens);
    const stop = hub.listen(async () => undefined);
    await stop();
    await expect(hub.post('ala', wrote('słowa'))).rejects.toBeInstanceOf(NobodyListens);
  });

  it('writes down no press: neither what was chosen nor that anything was', async () => {
    hub.listen(async () => undefined);
    await hub.append('ala', 'd1', said('Sonda'));
    const before = await database.db.selectFrom('webchat_message').selectAll().execute();
    await hub.post('ala', {
      kind: 'action',
      id: 'press-01',
      token: 'T000000000000001',
      action: 'vote',
      values: ['1'],
    });
    expect(await database.db.selectFrom('webchat_message').selectAll().execute()).toEqual(before);
  });

  it('keeps no moment of an edit: an answered poll does not say when it was answered', async () => {
    await hub.append('ala', 'd1', said('Sonda'));
    clock.set('2026-11-24T09:41:00Z');
    await hub.edit('ala', 'd1', said('Mamy Twój głos.'));
    const [row] = await database.db.selectFrom('webchat_message').selectAll().execute();
    expect(row?.at).toBe(Date.parse('2026-11-23T10:00:00Z'));
    expect(row?.position).toBe(Date.parse('2026-11-23T10:00:00Z') + 1);
  });

  it('hands one person’s posts over in order, different people’s side by side', async () => {
    const order: string[] = [];
    let free = () => {};
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    hub.listen(async (externalId, posted) => {
      if (posted.id === 'post-pierwsze') await held;
      order.push(`${externalId} ${posted.id}`);
    });
    const first = hub.post('ala', wrote('pierwsze'));
    const second = hub.post('ala', wrote('drugie'));
    await hub.post('ola', wrote('obok'));
    free();
    await Promise.all([first, second]);
    expect(order).toEqual(['ola post-obok', 'ala post-pierwsze', 'ala post-drugie']);
  });

  it('waits for the posts in hand when the adapter closes', async () => {
    const adapter = new WebchatAdapter(hub, 'http://localhost:8080/');
    const events: InboundEvent[] = [];
    let free = () => {};
    let begun = () => {};
    const inHand = new Promise<void>((resolve) => {
      begun = resolve;
    });
    await adapter.connect(async (event) => {
      begun();
      await new Promise<void>((resolve) => {
        free = resolve;
      });
      events.push(event);
    });
    expect(adapter.health()).toEqual({ state: 'connected' });
    const posted = hub.post('ala', wrote('na koniec'));
    await inHand;
    const closed = adapter.close();
    free();
    await Promise.all([posted, closed]);
    expect(events).toHaveLength(1);
    expect(adapter.health()).toEqual({ state: 'stopped' });
    expect(adapter.invitationLink('ABCD1234')).toBe('http://localhost:8080/chat?i=ABCD1234');
  });

  it('goes on after a message that cannot be written, without its neighbours suffering', async () => {
    const bad = {
      ...said('zła'),
      language: undefined as never,
      blocks: [{ type: 'text', text: 'x' }],
    } as RenderedMessage;
    const outcomes = await Promise.allSettled([
      hub.append('ala', 'd1', said('dobra')),
      hub.append(undefined as unknown as string, 'd2', bad),
      hub.append('ala', 'd3', said('też dobra')),
    ]);
    expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await transcript()).toEqual(['wici: dobra', 'wici: też dobra']);
  });

  it('pages backwards and catches up forwards', async () => {
    for (let n = 1; n <= 7; n++) await hub.append('ala', `d${n}`, said(String(n)));
    const newest = await hub.page('ala', 3);
    expect(wordsOf(newest)).toEqual(['wici: 5', 'wici: 6', 'wici: 7']);
    expect(wordsOf(await hub.page('ala', 3, newest[0]?.at))).toEqual(['wici: 2', 'wici: 3', 'wici: 4']);
    expect(wordsOf(await hub.since('ala', newest[0]?.position ?? 0, 50))).toEqual(['wici: 6', 'wici: 7']);
  });

  it('tells an open page what is new also after its transcript was erased', async () => {
    for (let n = 1; n <= 5; n++) await hub.append('ala', `d${n}`, said(String(n)));
    const seen = await hub.position('ala');
    await eraseWebchat(database.db, ['ala']);
    clock.advance(1000);
    await hub.append('ala', 'd9', said('Twoje dane są usunięte.'));
    expect(wordsOf(await hub.since('ala', seen, 10))).toEqual(['wici: Twoje dane są usunięte.']);
  });

  it('gives a picture to those it was shown to, and to nobody else', async () => {
    const data = new Uint8Array([1, 2, 3]);
    await insertAttachment(database.db, {
      id: '01JPICTURE',
      kind: 'image',
      file_name: 'plan.png',
      content_type: 'image/png',
      size: 3,
      data,
      created_at: 0,
    });
    const media = { id: '01JPICTURE', fileName: 'plan.png', contentType: 'image/png', size: 3 };
    await hub.append('ala', 'd1', { ...said(''), blocks: [{ type: 'image', media, alt: 'Plan' }] });
    await hub.append('ola', 'd2', said('"id":"01JPICTURE"'));
    expect([...((await hub.media('ala', '01JPICTURE'))?.data ?? [])]).toEqual([1, 2, 3]);
    expect(await hub.media('ola', '01JPICTURE')).toBeNull();
    expect(await hub.media('ala', '01JOTHER')).toBeNull();
    expect(await hub.media('ala', '%')).toBeNull();
  });
});
