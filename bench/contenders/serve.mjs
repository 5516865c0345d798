// What every contender shares: it is told by its parent what to do and says what it cost.

/** `tasks`: by name, what the parent may ask for. Each may return something of its own beside its time and CPU. */
export function serve(tasks) {
  process.on('message', async ({ id, order, options }) => {
    const started = performance.now();
    const before = process.cpuUsage();
    try {
      const own = await tasks[order](options ?? {});
      const { user, system } = process.cpuUsage(before);
      const seconds = (performance.now() - started) / 1000;
      process.send({ id, result: { seconds, cpuMs: (user + system) / 1000, own } });
    } catch (error) {
      process.send({ id, error: error?.stack ?? String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
  process.send({ ready: { rss: process.memoryUsage.rss() } });
}

/** The settings this contender was started with. */
export const settings = JSON.parse(process.argv[2] ?? '{}');

/** Sends to chats 1…count, `atOnce` side by side. */
export async function sendAll({ count, atOnce }, send) {
  let next = 0;
  const line = async () => {
    while (next < count) await send(++next);
  };
  await Promise.all(Array.from({ length: atOnce }, line));
}

/** The card all contenders send: words with markup and two buttons. */
export const card = {
  text: '<b>Przegląd instalacji</b>\n\nPrzegląd odbędzie się w środę.\n\n<i>Odpowiedz na tę wiadomość, jeśli masz pytanie.</i>',
  buttons: [
    { text: 'Przeczytane', callback_data: 'AAAABBBBCCCCDDDD:confirm' },
    { text: 'Odpowiedz', callback_data: 'AAAABBBBCCCCDDDD:reply' },
  ],
};
