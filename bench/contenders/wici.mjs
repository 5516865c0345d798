// Wici itself, the built program; only the limit on Telegram's side may be lifted, which no setting does.
import { compose } from '../../dist/runtime/compose.js';
import { readConfig } from '../../dist/runtime/config.js';
import { serve, settings } from './serve.mjs';

const config = readConfig(settings.variables);
const telegram = config.telegram && { ...config.telegram, ...settings.telegram };
const running = await compose({ ...config, telegram }, () => undefined);
let mark = process.cpuUsage();

serve({
  url: () => running.runtime.config.url,
  /** From here on CPU is counted. */
  mark() {
    mark = process.cpuUsage();
  },
  cost() {
    const { user, system } = process.cpuUsage(mark);
    return { cpuMs: (user + system) / 1000, rss: process.memoryUsage.rss() };
  },
  stop: () => running.stop(),
});
