import { discordStage } from './discord.ts';
import { servePage } from './page.ts';
import { slackStage } from './slack.ts';
import type { Stage } from './stage.ts';
import { telegramStage } from './telegram.ts';

const stages: Readonly<Record<string, { open(port: number): Promise<Stage>; port: number }>> = {
  telegram: { open: telegramStage, port: 8081 },
  slack: { open: slackStage, port: 8082 },
  discord: { open: discordStage, port: 8083 },
};

/**
 * Runs a messenger's stand-in by hand: prints what to put into .env and serves its people on a page; the messenger itself
 * answers ten ports above the page.
 */
export async function main(
  [name = '', wanted]: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const found = stages[name];
  if (!found) throw new Error(`Name one of: ${Object.keys(stages).join(', ')}`);
  const port = Number(wanted ?? found.port);
  const stage = await found.open(port + 10);
  const page = await servePage(stage, port);
  print(`${stage.title} stand-in: open http://127.0.0.1:${port}`);
  print('Start Wici with:');
  for (const [variable, value] of Object.entries(stage.variables)) print(`  ${variable}=${value}`);
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  page.close();
  await stage.close();
}
