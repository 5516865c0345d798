// The floor: nothing but the HTTP requests.
import { sendMessage } from './request.mjs';
import { sendAll, serve } from './serve.mjs';

serve({ send: (options) => sendAll(options, (chat) => sendMessage(chat)) });
