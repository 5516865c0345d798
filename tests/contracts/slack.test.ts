import { describeChannelContract } from './channel-adapter.ts';
import { calledSlack, socketSlack } from './subjects/slack.ts';

describeChannelContract('Slack, over the socket', socketSlack);
describeChannelContract('Slack, by HTTP', calledSlack);
