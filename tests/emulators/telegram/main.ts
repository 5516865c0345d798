import { TelegramEmulator } from './server.ts';

/**
 * Runs the stand-in by hand: prints what to put into .env, serves the chats as a page on its port.
 * Rates are the platform's own, so that what Wici does when told to wait can be watched too.
 */
export async function main(arguments_: readonly string[], print: (line: string) => void): Promise<void> {
  const port = Number(arguments_[0] ?? 8081);
  const emulator = await TelegramEmulator.start({
    port,
    rates: { perSecond: 30, perChatPerSecond: 5, retryAfter: 1 },
  });
  emulator.person({ first_name: 'Ala (test)', language_code: 'pl' });
  emulator.person({ first_name: 'Bob (test)', language_code: 'en' });
  print(`Telegram stand-in: open ${emulator.url}`);
  print('Start Wici with:');
  print(`  TELEGRAM_BOT_TOKEN=${emulator.token}`);
  print(`  TELEGRAM_API_URL=${emulator.url}`);
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await emulator.close();
}
