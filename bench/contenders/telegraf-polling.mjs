// The smallest telegraf bot: it polls and answers.
import { Telegraf } from 'telegraf';

const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_URL: apiRoot } = process.env;
const bot = new Telegraf(token, { telegram: { apiRoot } });
bot.start((context) => context.reply('Cześć!'));
process.on('SIGTERM', () => process.exit());
await bot.launch();
