import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endpointPath } from '../../../bots/slack/transport/http.ts';
import { projectRoot } from '../../../runtime/paths.ts';

const read = (name: string) =>
  readFileSync(join(projectRoot, 'bots/slack', name), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#'));
const socket = read('manifest.yaml');
const http = read('manifest-http.yaml');

describe('The ready-made Slack app', () => {
  it('asks for what is used and nothing else', () => {
    const scopes = socket.filter((line) => /^ {6}- /.test(line)).map((line) => line.trim().slice(2));
    expect(scopes).toEqual([
      ...['channels:read', 'chat:write', 'commands', 'files:write', 'groups:read', 'im:history'],
      ...['im:write', 'users:read', 'users:read.email'],
      ...['app_home_opened', 'message.im'],
    ]);
    expect(socket).toContain('    home_tab_enabled: true');
    expect(socket).toContain('    messages_tab_enabled: true');
    expect(socket).toContain('    messages_tab_read_only_enabled: false');
  });

  it('is the same by HTTP but for the address', () => {
    const added = http.filter((line) => !socket.includes(line)).map((line) => line.trim());
    const address = `https://WICI_ADDRESS${endpointPath}`;
    expect(added).toEqual([
      `url: ${address}`,
      `request_url: ${address}`,
      `request_url: ${address}`,
      'socket_mode_enabled: false',
    ]);
    expect(socket.filter((line) => !http.includes(line))).toEqual(['  socket_mode_enabled: true']);
  });
});
