import type { Hono } from 'hono';
import { WebchatAdapter, type WebchatPlatform } from '../../../bots/webchat/adapter.ts';
import { chatRoutes } from '../../../console/chat/routes.tsx';
import { encodeAction } from '../../../core/channels/action-token.ts';
import type { Core } from '../../../core/unit.ts';
import { createCore } from '../../../runtime/core.ts';
import { openDatabase } from '../../../runtime/database.ts';
import { loadTexts } from '../../../runtime/i18n.ts';
import { systemClock, systemIds } from '../../../runtime/ids.ts';
import { type Line, type RenderedBlock, WebchatHub } from '../../../runtime/webchat-hub.ts';
import type { ContractPerson, ContractSubject, Seen } from '../channel-adapter.ts';

const url = 'http://wici.example';
const ids = systemIds(systemClock, 'a secret of the tests');

/** The web chat over a core of its own. */
export async function webchat(): Promise<ContractSubject> {
  const database = openDatabase(':memory:');
  await database.migrate();
  const core = createCore({
    database,
    clock: systemClock,
    ids,
    texts: await loadTexts(),
    channels: () => ['webchat'],
    wayIn: () => null,
    hear: () => undefined,
    url,
  });
  const subject = webchatOver(core);
  return {
    ...subject,
    close: async () => {
      await subject.close();
      await database.close();
    },
  };
}

/** The web chat over this core, with people who have its page open. */
export function webchatOver(core: Core): ContractSubject {
  const hub = new WebchatHub(core);
  const app = chatRoutes({
    hub,
    texts: core.texts,
    clock: core.clock,
    ids,
    secret: 'a secret of the tests',
    secureCookies: false,
    publicUrl: url,
    network: async () => ({ name: 'Sieć Przykład', timeZone: 'Europe/Warsaw', language: 'pl' }),
  });
  let away = false;
  const platform: WebchatPlatform = {
    append: (...given) => {
      if (!away) return hub.append(...given);
      away = false;
      return Promise.reject(new Error(`insert failed: ${JSON.stringify(given)}`));
    },
    edit: (...given) => hub.edit(...given),
    listen: (take) => hub.listen(take),
  };
  return {
    adapter: new WebchatAdapter(platform, url),
    newPerson: () => newPerson(app, hub),
    faults: {
      unavailable: () => {
        away = true;
      },
    },
    close: async () => hub.close(),
  };
}

/** Somebody with the page open: posts as its script does, again and again until it is told "sent". */
async function newPerson(app: Hono, hub: WebchatHub): Promise<ContractPerson> {
  const opened = await app.request(`${url}/chat`);
  const [cookie = ''] = opened.headers.getSetCookie().map((set) => set.split(';')[0] ?? '');
  const externalId = decodeURIComponent(cookie)
    .replace(/^wici_chat=/, '')
    .replace(/\..*$/, '');
  const marked = new Set<string>();

  const post = async (path: string, body: object) => {
    const init = {
      method: 'POST',
      headers: { cookie, origin: url, 'content-type': 'application/json' },
      body: JSON.stringify({ id: ids.token(), ...body }),
    };
    for (;;) {
      const response = await app.request(url + path, init);
      if (response.status === 204) return;
      if (response.status !== 503) throw new Error(`refused: ${response.status}`);
    }
  };

  /** Messages leave in the order they were written. */
  let sending = Promise.resolve();

  return {
    externalId,
    write: (text, replyTo) => {
      sending = sending.then(() =>
        post('/chat/messages', { text, ...(replyTo === undefined ? {} : { replyTo }) }),
      );
      return sending;
    },
    press: async (label) => {
      const button = (await hub.page(externalId, 100))
        .toReversed()
        .flatMap(buttonsOf)
        .find((b) => b.label === label);
      if (!button) throw new Error(`no button "${label}"`);
      const [token = '', action = '', value] = button.data.split(':');
      const ticked = button.options.filter((o) => marked.has(o.label)).map((o) => o.value);
      await post('/chat/actions', { token, action, values: value === undefined ? ticked : [value] });
    },
    mark: async (labels) => {
      for (const label of labels) if (!marked.delete(label)) marked.add(label);
    },
    seen: async () => (await hub.page(externalId, 100)).filter((l) => l.from === 'wici').map(seenOf),
  };
}

interface Button {
  readonly label: string;
  readonly data: string;
  /** What may be ticked beside it. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

function buttonsOf(line: Line): Button[] {
  if (line.from === 'person') return [];
  const { token, blocks } = line.message;
  return blocks.flatMap((block): Button[] => {
    if (block.type === 'actions') {
      return block.actions.map((action) => ({
        label: action.label,
        data: action.kind === 'press' ? encodeAction({ token, id: action.id }) : action.url,
        options: [],
      }));
    }
    if (block.type !== 'choice') return [];
    if (block.multiple) {
      return [
        { label: block.submitLabel, data: encodeAction({ token, id: block.id }), options: block.options },
      ];
    }
    return block.options.map(({ value, label }) => ({
      label,
      data: encodeAction({ token, id: block.id, value }),
      options: [],
    }));
  });
}

function seenOf(line: Line): Seen {
  const blocks = line.from === 'wici' ? line.message.blocks : [];
  return {
    externalMessageId: line.id,
    text: blocks.flatMap(wordsOf).join('\n'),
    labels: buttonsOf(line).map((button) => button.label),
    files: blocks.flatMap((b) => (b.type === 'image' || b.type === 'file' ? [b.media.fileName] : [])),
    ...(line.replyTo === undefined ? {} : { replyTo: line.replyTo }),
  };
}

function wordsOf(block: RenderedBlock): string[] {
  switch (block.type) {
    case 'text':
      return [block.text];
    case 'fields':
      return block.items.flatMap(({ label, value }) => [label, value]);
    case 'image':
      return [block.alt];
    case 'file':
    case 'input':
      return [block.label];
    default:
      return [];
  }
}
