import { describeChannelContract } from './channel-adapter.ts';
import { webchat } from './subjects/webchat.ts';

describeChannelContract('The web chat', webchat);
