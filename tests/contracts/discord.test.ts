import { describeChannelContract } from './channel-adapter.ts';
import { discord } from './subjects/discord.ts';

describeChannelContract('Discord', discord);
