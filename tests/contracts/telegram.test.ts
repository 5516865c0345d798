import { describeChannelContract } from './channel-adapter.ts';
import { calledTelegram, polledTelegram } from './subjects/telegram.ts';

describeChannelContract('Telegram, polled', polledTelegram);
describeChannelContract('Telegram, by webhook', calledTelegram);
