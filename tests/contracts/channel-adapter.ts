import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Aside, ChannelAdapter } from '../../core/channels/channel-adapter.ts';
import { ChannelError } from '../../core/channels/channel-error.ts';
import type { InboundEvent } from '../../core/channels/inbound-event.ts';
import type { Block, OutboundMessage } from '../../core/channels/outbound-message.ts';
import type { Language } from '../../core/language.ts';

/** A message as its reader sees it now: every word, the buttons' labels, the files' names. */
export interface Seen {
  /** What `send` returned for it, when it is (the last part of) a sent message. */
  readonly externalMessageId: string;
  readonly text: string;
  readonly labels: readonly string[];
  readonly files: readonly string[];
  /** The externalMessageId of the message it answers. */
  readonly replyTo?: string;
}

/** A person on the platform under test. What they do is handed to the platform, which sees to it that it arrives. */
export interface ContractPerson {
  readonly externalId: string;
  write(text: string, replyTo?: string): Promise<void>;
  /** Presses the button with this label on the newest message that has it. */
  press(label: string): Promise<void>;
  /** Turns the marks of these options of the newest multiple choice, each once the one before is seen, without submitting. */
  mark(labels: readonly string[]): Promise<void>;
  /** Presses the button of a field with this label, writes `words` there and submits. Absent where there are no fields. */
  readonly fill?: (label: string, words: string) => Promise<void>;
  /** Everything the bot shows, oldest first. */
  seen(): Promise<readonly Seen[]>;
}

export type Fault =
  /** Refused for now, nothing was sent. */
  | 'unavailable'
  /** Told to wait a while. */
  | 'throttled'
  /** Taken, but no answer came. */
  | 'silence'
  /** Our credential is refused. */
  | 'refused';

/** A group of the platform under test, which the bot may post to. */
export interface ContractGroup {
  /** As the adapter names it. */
  readonly externalId: string;
  readonly title: string;
  seen(): Promise<readonly Seen[]>;
  write(person: ContractPerson, text: string): Promise<void>;
  /**
   * Somebody presses the button with this label on the newest message that has it. Resolves with what the platform then
   * shows to that person alone, or where it takes them; '' when nothing.
   */
  press(person: ContractPerson, label: string): Promise<string>;
  /** One of its people calls it something else. */
  rename(title: string): Promise<void>;
  /** The bot may post there no longer. */
  close(): Promise<void>;
}

/** How the suite drives a platform: one a messenger. */
export interface ContractSubject {
  /** Not connected yet; the suite connects it. */
  readonly adapter: ChannelAdapter;
  /**
   * Somebody whose conversation is open already: no event of the opening is to come. `language`: that of their messenger, where
   * it tells; Polish when absent.
   */
  newPerson(language?: Language): Promise<ContractPerson>;
  /** The next send goes wrong in this way. Faults the platform does not know are left out. */
  readonly faults: { readonly [F in Fault]?: () => void };
  /** Absent where nobody can be blocked. */
  readonly blocking?: {
    block(person: ContractPerson): Promise<void>;
    unblock(person: ContractPerson): Promise<void>;
  };
  /** Absent where people have no home. */
  readonly home?: {
    open(person: ContractPerson): Promise<void>;
    /** What stands there; a press on its button with this label. */
    seen(person: ContractPerson): { readonly text: string; readonly labels: readonly string[] };
    press(person: ContractPerson, label: string): Promise<void>;
  };
  /** Absent where a messenger has no groups. */
  readonly groups?: {
    /** A new group that lets the bot in. */
    open(title: string): Promise<ContractGroup>;
  };
  /** Frees the platform; the adapter is closed already. */
  close(): Promise<void>;
}

const token = 'Token00000000001';
let nextDelivery = 1;

export function message(
  blocks: readonly Block<string>[],
  more: Partial<OutboundMessage> = {},
): OutboundMessage {
  return { token, language: 'pl', deliveryId: `delivery-${nextDelivery++}`, blocks, ...more };
}

export const body = (text: string): Block<string> => ({ type: 'text', text });
export const press = (id: string, label: string): Block<string> => ({
  type: 'actions',
  actions: [{ kind: 'press', id, label }],
});

export const hostileTexts = {
  'HTML and entities': '<b>bold</b> <script>alert(1)</script> & &amp; &lt; <a href="x">y</a> 1 < 2 > 0',
  Markdown: '*bold* _it_ `code` [a](http://x.example) ||spoiler|| # title > quote ~s~',
  'right-to-left': 'שלום עולם، مرحبا بالعالم \u202Eabc\u202C',
  'only emoji': '👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇵🇱',
  '10,000 characters': 'Zażółć gęślą jaźń 🙂 <&> '.repeat(417).slice(0, 10_000),
  'one word of 5,000 characters': 'ż'.repeat(5000),
  'mentions and commands': '@everyone /stop #tag t.me/x user@example.org',
};

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const field = { label: 'Napisz odpowiedź', title: 'Odpowiedź', submit: 'Wyślij', cancel: 'Anuluj' };

const squeezed = (text: string) => text.replace(/\s+/gu, ' ').trim();

/** What every messenger must do alike. */
export function describeChannelContract(name: string, open: () => Promise<ContractSubject>): void {
  describe(`${name} keeps the channel contract`, () => {
    let subject: ContractSubject;
    let adapter: ChannelAdapter;
    let events: InboundEvent[];
    let onEvent: (event: InboundEvent) => Promise<void>;
    let closed: boolean;
    /** What is told to whoever presses in a group. */
    let aside: Aside;

    beforeEach(async () => {
      subject = await open();
      adapter = subject.adapter;
      events = [];
      onEvent = async () => undefined;
      closed = false;
      aside = { text: 'Tylko dla Ciebie' };
      await adapter.connect(async (event) => {
        await onEvent(event);
        events.push(event);
        return event.inGroup ? aside : undefined;
      });
    });

    afterEach(async () => {
      if (!closed) await adapter.close();
      await subject.close();
    });

    const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 5000, interval: 5 });
    const received = (count: number) => until(() => expect(events).toHaveLength(count));
    const refusal = (work: Promise<unknown>) =>
      work.then(
        () => expect.unreachable('it was taken'),
        (error: unknown) => {
          expect(error).toBeInstanceOf(ChannelError);
          return error as ChannelError;
        },
      );

    it('hands over a text with who wrote it', async () => {
      const person = await subject.newPerson();
      await person.write('Dzień dobry');
      await received(1);
      expect(events[0]).toMatchObject({
        channel: adapter.name,
        externalId: person.externalId,
        type: 'text',
        text: 'Dzień dobry',
      });
      expect(events[0]?.externalEventId).toMatch(/.+/);
    });

    it('hands over commands, lower case, with what follows them', async () => {
      const person = await subject.newPerson();
      const { commandPrefix } = adapter.capabilities;
      await person.write(`${commandPrefix}Menu`);
      await person.write(`${commandPrefix}start  abc-123_X `);
      await received(2);
      expect(events[0]).toMatchObject({ type: 'command', name: 'menu', args: '' });
      expect(events[1]).toMatchObject({ type: 'command', name: 'start', args: 'abc-123_X' });
    });

    it.each(Object.entries(hostileTexts))('takes and shows %s as it was written', async (_, text) => {
      const person = await subject.newPerson();
      if (text.length <= 4000) {
        await person.write(text);
        await received(1);
        expect(events[0]).toMatchObject({ type: 'text', text });
      }
      await adapter.send(person.externalId, message([body(text), press('ok', 'OK')]));
      const seen = await person.seen();
      expect(squeezed(seen.map((s) => s.text).join(' ')).replaceAll(' ', '')).toContain(
        squeezed(text).replaceAll(' ', ''),
      );
      expect(seen.at(-1)?.labels).toEqual(['OK']);
    });

    it('shows every block in words, buttons or files', async () => {
      const person = await subject.newPerson();
      const media = (fileName: string, contentType: string) => ({
        id: `media-${fileName}`,
        fileName,
        contentType,
        data: new Uint8Array(picture),
      });
      const blocks: Block<string>[] = [
        { type: 'text', style: 'title', text: 'Tytuł' },
        { type: 'text', text: 'Treść' },
        { type: 'text', style: 'note', text: 'Uwaga' },
        { type: 'text', style: 'quote', text: 'Cytat' },
        { type: 'fields', items: [{ label: 'Rodzaj', value: 'Finanse' }] },
        { type: 'divider' },
        { type: 'image', media: media('obraz.png', 'image/png'), alt: 'Wykres słupkowy' },
        { type: 'file', media: media('plik.pdf', 'application/pdf'), label: 'Regulamin' },
        { type: 'input', id: 'words', ...field },
        {
          type: 'actions',
          actions: [
            { kind: 'press', id: 'yes', label: 'Tak' },
            { kind: 'link', label: 'Strona', url: 'https://example.org/a?b=c' },
          ],
        },
      ];
      await adapter.send(person.externalId, message(blocks));
      const seen = await person.seen();
      const words = seen.map((s) => s.text).join('\n');
      for (const word of ['Tytuł', 'Treść', 'Uwaga', 'Cytat', 'Rodzaj', 'Finanse']) {
        expect(words).toContain(word);
      }
      expect(words).toContain('Regulamin');
      expect(words).toContain('Wykres słupkowy');
      expect(seen.flatMap((s) => s.files)).toHaveLength(2);
      expect(seen.at(-1)?.labels).toEqual(['Tak', 'Strona']);
    });

    it('names the words a question waits for where nothing else of it does', async () => {
      const person = await subject.newPerson();
      await adapter.send(person.externalId, message([{ type: 'input', id: 'words', ...field }]));
      const [seen] = await person.seen();
      expect([seen?.text, ...(seen?.labels ?? [])].join('\n')).toContain(field.label);
    });

    it('hands over a pressed button with its message and itself', async () => {
      const person = await subject.newPerson();
      const asked = message([body('Czytasz?'), press('confirm', 'Przeczytane ✓')]);
      const sent = await adapter.send(person.externalId, asked);
      await person.press('Przeczytane ✓');
      await received(1);
      expect(events[0]).toMatchObject({
        type: 'action',
        externalId: person.externalId,
        token,
        id: 'confirm',
        values: [],
      });
      // What may have been sent without an answer is known by this to have arrived.
      if (!adapter.capabilities.idempotentSend) expect(events[0]).toMatchObject(sent);
    });

    it('asks for the words a button wants in a field, or leaves the asking to the conversation', async () => {
      const person = await subject.newPerson();
      const action = { kind: 'press', id: 'reply', label: 'Odpowiedz', field } as const;
      const shown = message([body('Ogłoszenie'), { type: 'actions', actions: [action] }]);
      await adapter.send(person.externalId, shown);
      expect((await person.seen()).at(-1)?.labels).toEqual(['Odpowiedz']);
      if (person.fill) await person.fill('Odpowiedz', 'Tak, *jutro*');
      else await person.press('Odpowiedz');
      await received(1);
      const asked = { token, id: 'reply' };
      expect(events[0]).toMatchObject(
        person.fill
          ? { type: 'text', text: 'Tak, *jutro*', field: asked }
          : { type: 'action', ...asked, values: [] },
      );
    });

    it('takes the answer to a question in its field and in the conversation alike', async () => {
      const person = await subject.newPerson();
      await adapter.send(person.externalId, message([body('Co?'), { type: 'input', id: 'words', ...field }]));
      await person.write('W rozmowie');
      await received(1);
      expect(events[0]).toMatchObject({ type: 'text', text: 'W rozmowie' });
      if (!person.fill) return;
      await person.fill(field.label, 'W polu');
      await received(2);
      expect(events[1]).toMatchObject({ type: 'text', text: 'W polu', field: { token, id: 'words' } });
      expect(events[1]).toMatchObject({ externalId: person.externalId });
    });

    const options = ['0', '1', '2'].map((value) => ({ value, label: `Opcja ${value}` }));
    const choice = (multiple: boolean): Block<string> => ({
      type: 'choice',
      id: 'vote',
      multiple,
      options,
      submitLabel: 'Wyślij',
    });

    it('hands over a single choice at one press', async () => {
      const person = await subject.newPerson();
      await adapter.send(person.externalId, message([body('Kiedy?'), choice(false)]));
      await person.press('Opcja 1');
      await received(1);
      expect(events[0]).toMatchObject({ type: 'action', token, id: 'vote', values: ['1'] });
    });

    it('hands over a multiple choice once, when it is submitted', async () => {
      const person = await subject.newPerson();
      await adapter.send(person.externalId, message([body('Kiedy?'), choice(true)]));
      await person.mark(['Opcja 2', 'Opcja 1', 'Opcja 0', 'Opcja 1']);
      await person.press('Wyślij');
      await received(1);
      expect(events[0]).toMatchObject({ type: 'action', token, id: 'vote', values: ['0', '2'] });
    });

    it('changes a shown message, and takes the same change twice for a success', async () => {
      const person = await subject.newPerson();
      const sent = await adapter.send(person.externalId, message([body('Przed'), press('a', 'Naciśnij')]));
      const after = message([body('Po zmianie')]);
      await adapter.edit(person.externalId, sent, after);
      await adapter.edit(person.externalId, sent, after);
      if (!adapter.capabilities.edit) return;
      const [seen, ...others] = await person.seen();
      expect(others).toEqual([]);
      expect(seen).toMatchObject({ text: 'Po zmianie', labels: [] });
    });

    it('ties an answer to what it answers, both ways', async () => {
      const person = await subject.newPerson();
      const sent = await adapter.send(person.externalId, message([body('Ogłoszenie')]));
      await person.write('Moja odpowiedź', sent.externalMessageId);
      await received(1);
      expect(events[0]).toMatchObject({ type: 'text', replyTo: sent.externalMessageId });
      await adapter.send(
        person.externalId,
        message([body('Dziękujemy')], { replyTo: sent.externalMessageId }),
      );
      expect((await person.seen()).at(-1)).toMatchObject({ replyTo: sent.externalMessageId });
    });

    it('keeps the order of one person and makes nobody wait for another', async () => {
      const [slow, quick] = [await subject.newPerson(), await subject.newPerson()];
      let release = () => {};
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      onEvent = (event) => (event.externalId === slow.externalId ? gate : Promise.resolve());
      const writing = [];
      for (const n of [1, 2, 3, 4, 5]) writing.push(slow.write(`s${n}`));
      writing.push(quick.write('q'));
      await until(() => expect(events.map((e) => e.type === 'text' && e.text)).toEqual(['q']));
      release();
      await received(6);
      await Promise.all(writing);
      const texts = events.map((e) => (e.type === 'text' ? e.text : ''));
      expect(texts).toEqual(['q', 's1', 's2', 's3', 's4', 's5']);
    });

    it('brings an event again that could not be stored, in its place, and lets others pass', async () => {
      const [unlucky, lucky] = [await subject.newPerson(), await subject.newPerson()];
      let failures = 2;
      onEvent = async (event) => {
        if (event.externalId === unlucky.externalId && failures-- > 0) throw new Error('the store is away');
      };
      const writing = [unlucky.write('pierwsza'), lucky.write('inna')];
      await received(2);
      await Promise.all(writing);
      expect(events.map((e) => e.externalId).toSorted()).toEqual(
        [unlucky.externalId, lucky.externalId].toSorted(),
      );
    });

    it('gives every event an id of its own', async () => {
      const person = await subject.newPerson();
      for (const n of [1, 2, 3]) await person.write(`${n}`);
      await received(3);
      expect(new Set(events.map((e) => e.externalEventId)).size).toBe(3);
    });

    it('shows a home in place of what stood there, with the buttons of every card', async () => {
      if (!subject.home) return;
      const person = await subject.newPerson();
      await subject.home.open(person);
      await received(1);
      expect(events[0]).toMatchObject({ type: 'home', externalId: person.externalId });
      const card = message([body('Próba syren'), press('confirm', 'Przeczytane')], {
        token: 'Token00000000002',
      });
      const top = [body('Witaj'), press('menu.me', 'Moje dane')];
      const sent = await adapter.send(person.externalId, message(top, { home: [] }));
      await adapter.edit(person.externalId, sent, message(top, { home: [card] }));
      const { text, labels } = subject.home.seen(person);
      expect(text).toContain('Witaj');
      expect(text).toContain('Próba syren');
      expect(labels).toEqual(['Moje dane', 'Przeczytane']);
      expect(await person.seen()).toEqual([]);
      await subject.home.press(person, 'Przeczytane');
      await received(2);
      const pressed = {
        type: 'action',
        token: 'Token00000000002',
        id: 'confirm',
        externalMessageId: sent.externalMessageId,
      };
      expect(events[1]).toMatchObject(pressed);
    });

    it('shows a message once where the platform can tell twins apart', async () => {
      if (!adapter.capabilities.idempotentSend) return;
      const person = await subject.newPerson();
      const twin = message([body('Raz')]);
      const first = await adapter.send(person.externalId, twin);
      expect(await adapter.send(person.externalId, twin)).toEqual(first);
      expect(await person.seen()).toHaveLength(1);
    });

    it('says when an address is closed and when it opens again', async () => {
      if (!subject.blocking) return;
      const person = await subject.newPerson();
      await subject.blocking.block(person);
      await received(1);
      expect(events[0]).toMatchObject({ type: 'blocked', externalId: person.externalId });
      const error = await refusal(adapter.send(person.externalId, message([body('Halo')])));
      expect(error).toMatchObject({ code: 'RecipientGone', retryable: false });
      await subject.blocking.unblock(person);
      await received(2);
      expect(events[1]).toMatchObject({ type: 'joined', externalId: person.externalId });
      await adapter.send(person.externalId, message([body('Witaj')]));
    });

    const meanings: Record<Fault, object> = {
      unavailable: { code: 'Unavailable', retryable: true, maybeSent: false },
      throttled: { code: 'Throttled', retryable: true, maybeSent: false, retryAfterMs: expect.any(Number) },
      silence: { maybeSent: true, retryable: false },
      refused: { code: 'Misconfigured', retryable: false },
    };

    it.each(Object.entries(meanings))('names a fault: %s', async (fault, meaning) => {
      const cause = subject.faults[fault as Fault];
      if (!cause) return;
      const person = await subject.newPerson();
      cause();
      const error = await refusal(adapter.send(person.externalId, message([body('tajne słowa')])));
      expect(error).toMatchObject(meaning);
      expect(error.message).not.toContain('tajne słowa');
      expect(error.cause).toBeUndefined();
    });

    it('refuses with ChannelError alone what can never be sent', async () => {
      const person = await subject.newPerson();
      const unsendable = message([body('x'), press('NOT AN ID', 'x')]);
      await refusal(adapter.send(person.externalId, unsendable));
    });

    it('says that it has groups, or that it has none', async () => {
      expect(adapter.capabilities.groups !== null).toBe(subject.groups !== undefined);
      if (!subject.groups) expect(await adapter.groups()).toBeNull();
    });

    describe('in groups', () => {
      const opened = async (title = 'Ogłoszenia') => {
        const group = await subject.groups?.open(title);
        return group ? { group, person: await subject.newPerson() } : null;
      };
      const confirmable = () => message([body('Czytasz?'), press('confirm', 'Przeczytane ✓')]);
      const presses = () => events.filter((e) => e.type === 'action');

      it('gets to know those it is let into, and their new names: listed, or by an event', async () => {
        const { group } = (await opened('Sala narad')) ?? {};
        if (!group) return;
        const knows = (title: string, change: 'letIn' | 'renamed') =>
          until(async () => {
            const told = events.flatMap((e) => (e.type === 'group' && e.change === change ? [e.group] : []));
            const known = [...told, ...((await adapter.groups()) ?? [])];
            const { externalId } = group;
            expect(known).toContainEqual(
              expect.objectContaining({ externalId, title: expect.stringContaining(title) }),
            );
          });
        await knows('Sala narad', 'letIn');
        await group.rename('Zarząd');
        await knows('Zarząd', 'renamed');
      });

      it('posts there, and changes what was posted', async () => {
        const { group, person } = (await opened()) ?? {};
        if (!group) return;
        const sent = await adapter.send(group.externalId, confirmable());
        expect(await group.seen()).toMatchObject([{ text: 'Czytasz?', labels: ['Przeczytane ✓'] }]);
        await adapter.edit(group.externalId, sent, message([body('Poprawione')]));
        expect(await group.seen()).toMatchObject([{ text: 'Poprawione', labels: [] }]);
        expect(await person?.seen()).toEqual([]);
      });

      it('hands over who pressed where, and answers that person alone', async () => {
        const { group, person } = (await opened()) ?? {};
        if (!group || !person) return;
        await adapter.send(group.externalId, confirmable());
        expect(await group.press(person, 'Przeczytane ✓')).toContain('Tylko dla Ciebie');
        expect(presses()).toMatchObject([
          {
            ...{ externalId: person.externalId, token, id: 'confirm', values: [] },
            inGroup: { externalId: group.externalId },
          },
        ]);
        expect(await group.seen()).toHaveLength(1);
        expect(await person.seen()).toEqual([]);
      });

      it('shows the way in with an invitation’s code', async () => {
        const { group, person } = (await opened()) ?? {};
        if (!group || !person) return;
        await adapter.send(group.externalId, confirmable());
        for (const enter of [{}, { enter: true } as const]) {
          aside = { text: 'Tędy', invitation: 'Kod123', ...enter };
          expect(await group.press(person, 'Przeczytane ✓')).toContain('Kod123');
        }
      });

      it('takes what is said there for nobody’s answer', async () => {
        const { group, person } = (await opened()) ?? {};
        if (!group || !person) return;
        await group.write(person, 'Rozmowa w grupie');
        await person.write('Do Wici');
        await until(() => expect(events.at(-1)).toMatchObject({ type: 'text', text: 'Do Wici' }));
        expect(events.filter((e) => e.type === 'text')).toHaveLength(1);
      });

      it('says when it may not post there', async () => {
        const { group } = (await opened()) ?? {};
        if (!group) return;
        await group.close();
        const error = await refusal(adapter.send(group.externalId, confirmable()));
        expect(error).toMatchObject({ code: 'RecipientGone', retryable: false });
      });
    });

    it('makes invitation links with the code in them', () => {
      const link = new URL(adapter.invitationLink('Kod123') ?? '');
      expect(link.href).toContain('Kod123');
      // What stands behind # goes to nobody.
      expect(link.hash.includes('Kod123')).toBe(adapter.capabilities.codeIsTyped === true);
    });

    it('says how its connection is', async () => {
      expect(adapter.health().state).toBe('connected');
      closed = true;
      await adapter.close();
      expect(adapter.health().state).toBe('stopped');
    });

    it('closes soon, after what is in hand', async () => {
      const person = await subject.newPerson();
      let begun = false;
      onEvent = async () => {
        begun = true;
        await new Promise((resolve) => setTimeout(resolve, 30));
      };
      const writing = person.write('jeszcze to');
      await until(() => expect(begun).toBe(true));
      const start = performance.now();
      closed = true;
      await adapter.close();
      expect(events).toHaveLength(1);
      expect(performance.now() - start).toBeLessThan(1500);
      await writing;
    });
  });
}
