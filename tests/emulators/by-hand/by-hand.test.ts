import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { discordStage } from './discord.ts';
import { servePage } from './page.ts';
import { slackStage } from './slack.ts';
import type { Stage } from './stage.ts';
import { telegramStage } from './telegram.ts';

const open: { page: Server; stage: Stage }[] = [];
afterEach(async () => {
  for (const { page, stage } of open.splice(0)) {
    page.close();
    page.closeAllConnections();
    await stage.close();
  }
});

describe.each(Object.entries({ Telegram: telegramStage, Slack: slackStage, Discord: discordStage }))(
  'the page on which %s is played by hand',
  (title, start) => {
    it('shows its people, lets them write, and says what Wici is started with', async () => {
      const stage = await start(0);
      const page = await servePage(stage, 0);
      open.push({ page, stage });
      const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
      const get = async <T>(path: string) => (await (await fetch(url + path)).json()) as T;
      const post = (path: string, body: object) =>
        fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
      expect(await (await fetch(url)).text()).toContain(`${title} stand-in`);
      await post('/people', { name: 'Celina (test)', language: 'en' });
      const people = await get<{ id: string; name: string }[]>('/people');
      const id = people[2]?.id;
      expect(people.map(({ name }) => name)).toEqual(['Ala (test)', 'Bob (test)', 'Celina (test)']);
      await post('/say', { id, text: 'Dzień dobry' });
      expect(await get(`/messages?id=${id}`)).toMatchObject({
        messages: [{ from: 'user', words: [{ text: 'Dzień dobry' }] }],
        window: null,
      });
      expect((await fetch(`${url}/messages?id=nobody`)).status).toBe(400);
      expect(Object.keys(stage.variables).every((name) => name.startsWith(title.toUpperCase()))).toBe(true);
    });
  },
);
