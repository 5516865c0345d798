import { Command } from 'commander';
import type { ChannelHealth } from '../../core/channels/channel-adapter.ts';
import type { ChannelName } from '../../core/channels/channel-name.ts';
import type { RunningWici } from '../compose.ts';
import { roles } from '../config.ts';
import { describeFault } from '../logger.ts';
import { fail, print, printError } from './output.ts';
import { offerFirstSignIn } from './sign-in.ts';
import { operatorConfig } from './with-core.ts';

/** What is in hand has this long to finish before the program ends all the same: nothing due is lost by it. */
const patienceMs = 10_000;
/** npm hands a Ctrl-C on to us that the terminal gave us too: so soon after the first it is the same press. */
const samePressMs = 1000;

export function startCommand(): Command {
  return new Command('start')
    .description('start Wici: console, web chat, messengers, API')
    .option(
      '--roles <list>',
      'do a part only, beside other processes on the same PostgreSQL and Redis: bots,jobs,console (WICI_ROLES)',
    )
    .addHelpText(
      'after',
      '\nSettings come from the environment and .env; see .env.example.\n\nExample:\n  PORT=9000 npx wici start',
    )
    .action(({ roles }: { roles?: string }) => {
      if (roles !== undefined) process.env.WICI_ROLES = roles;
      return start();
    });
}

async function start(): Promise<void> {
  const asked = stopAsked();
  let running: RunningWici;
  try {
    const config = operatorConfig();
    // Loaded now only: the other commands need none of the console and the messengers.
    const { compose } = await import('../compose.ts');
    running = await compose(config, printError);
  } catch (error) {
    fail(error);
    return process.exit();
  }
  guard(running);
  await greet(running);
  void running.lost.then(() => {
    printError(
      'Stopped: the other processes did not hear of this one for seconds and took over what it did.',
    );
    process.exit(1);
  });
  await asked;
  print('Stopping: finishing what is in hand.');
  setTimeout(() => {
    printError('Stopped before everything in hand was finished; it goes on at the next start.');
    process.exit(1);
  }, patienceMs).unref();
  await running.stop();
  print('Stopped.');
  process.exit(0);
}

/** Resolves at the first request to stop; the second ends the program at once. */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    let first = 0;
    const ask = () => {
      const now = performance.now();
      if (first === 0) {
        first = now;
        resolve();
      } else if (now - first > samePressMs) process.exit(130);
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
    process.on('SIGHUP', ask);
  });
}

/** A fault nobody caught: told without anybody's words. A broken promise harms one piece of work, the sweep does it again. */
function guard({ runtime: { log } }: RunningWici): void {
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a fault nobody caught'));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'stopped on a fault nobody caught');
    printError(`Wici stopped on a fault of its own: ${JSON.stringify(describeFault(error))}`);
    process.exit(1);
  });
}

async function greet({ runtime, queue }: RunningWici): Promise<void> {
  const { core, config } = runtime;
  if (config.roles.includes('console')) {
    const offer = await offerFirstSignIn(core, config.url);
    print(`Wici runs at ${config.url}`);
    if (offer) print(`  Sign in:    ${offer.url}  (works once, within 24 hours)`);
    else print('  Sign in:    npx wici sign-in  prints a one-time link');
  } else print(`Wici runs for ${config.url}`);
  if (config.roles.length < roles.length)
    print(`  Does:       ${config.roles.join(', ')}; listens on ${config.host}:${config.port}`);
  for (const line of messengerLines(runtime)) print(line);
  print(`  Queue:      ${queue.describe}`);
  print(`  Data:       ${config.databaseUrl ? 'PostgreSQL (DATABASE_URL)' : 'SQLite'}, ${config.dataFolder}`);
  print('Ctrl-C stops it.');
}

/** What turns a messenger on, where it is not on by itself. */
const switches: Readonly<Record<Exclude<ChannelName, 'webchat'>, readonly [string, string]>> = {
  telegram: ['Telegram', 'TELEGRAM_BOT_TOKEN in .env turns it on (get one from @BotFather)'],
  slack: ['Slack', 'SLACK_BOT_TOKEN and SLACK_APP_TOKEN in .env turn it on (console, Messengers, says how)'],
  discord: ['Discord', 'DISCORD_BOT_TOKEN in .env turns it on (console, Messengers, says how)'],
};

function messengerLines({ adapters, config }: RunningWici['runtime']): string[] {
  const lines = Object.entries(switches).map(([name, [label, cure]]) => {
    const health = adapters.get(name as ChannelName)?.health();
    return `  ${`${label}:`.padEnd(12)}${health ? stateOf(health) : `off; ${cure}`}`;
  });
  return [`  Web chat:   on, ${config.url}/chat`, ...lines];
}

function stateOf({ state, handle, detail }: ChannelHealth): string {
  if (state === 'connected') return handle ? `on, @${handle}` : 'on';
  const cause = detail ? `: ${detail}` : '';
  return state === 'stopped' ? `stopped${cause}` : `${state}, tried again${cause}`;
}
