import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TelegramEmulator } from '../emulators/telegram/server.ts';
import { postgresFolder } from '../setup/parts.mjs';
import { startPostgres } from '../setup/postgres.mjs';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { type Environment, settlePeople, shownCounts, WiciProcess } from './wici.ts';

describe.skipIf(postgresFolder() === null)('On PostgreSQL', () => {
  const { folder, remove } = makeTempFolder();
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let emulator: TelegramEmulator;
  let environment: Environment;

  beforeAll(async () => {
    postgres = await startPostgres();
    emulator = await TelegramEmulator.start();
    environment = {
      dataFolder: folder,
      variables: {
        DATABASE_URL: postgres.url,
        TELEGRAM_BOT_TOKEN: emulator.token,
        TELEGRAM_API_URL: emulator.url,
      },
    };
  });

  afterAll(async () => {
    await emulator.close();
    postgres.stop();
    remove();
  });

  it('a broadcast whose process is killed in the middle reaches everybody, nobody twice', async () => {
    const people = await settlePeople(environment, emulator, { telegram: 150, webchat: 50 });
    const first = await WiciProcess.start(environment);
    expect(first.said).toContain('PostgreSQL (DATABASE_URL)');
    const id = await first.announce();
    const shown = () => shownCounts(people.telegram);
    await until(() => shown().filter(Boolean).length >= 40, 60_000);
    await first.end('SIGKILL');
    const second = await WiciProcess.start(environment);
    await until(async () => (await second.counts(id)).pending === 0, 60_000);
    const { accepted, unknown, failed } = await second.counts(id);
    expect(accepted + unknown).toBe(200);
    expect(failed).toBe(0);
    expect(Math.max(...shown())).toBe(1);
    expect(shown().filter((n) => n === 0).length).toBeLessThanOrEqual(unknown);
    expect(await second.end('SIGINT')).toBe(0);
  });

  it('the server’s restart is survived: Wici goes on when it is back', async () => {
    const wici = await WiciProcess.start(environment);
    postgres.restart();
    await until(() => fetch(`${wici.url}/readyz`).then((r) => r.status === 200));
    await wici.announce();
    expect(await wici.end('SIGINT')).toBe(0);
  });
});
