// Makes requests, so many side by side, and says how long each took.
import { Pool } from 'undici';

process.on('message', async ({ id, options }) => {
  try {
    process.send({ id, result: await hammer(options) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });

async function hammer({ origin, requests, atOnce }) {
  const pool = new Pool(origin, { connections: atOnce });
  const tookMs = [];
  const queue = requests.values();
  const started = performance.now();
  const hand = async () => {
    for (const { path, headers, body } of queue) {
      const from = performance.now();
      const answer = await pool.request({ method: 'POST', path, headers, body });
      await answer.body.dump();
      if (answer.statusCode >= 300) throw new Error(`${path} answered ${answer.statusCode}`);
      tookMs.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
  const seconds = (performance.now() - started) / 1000;
  await pool.close();
  return { seconds, tookMs };
}
