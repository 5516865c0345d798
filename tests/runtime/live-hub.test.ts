import { describe, expect, it } from 'vitest';
import { LiveHub } from '../../runtime/live-hub.ts';

describe('the bell of live pages', () => {
  it('rings for those who asked for the topic, and for those who asked for all', () => {
    const hub = new LiveHub();
    const heard: string[] = [];
    hub.subscribe(['polls', 'inbox'], (topic) => heard.push(`some ${topic}`));
    hub.subscribe(null, (topic) => heard.push(`all ${topic}`));
    hub.publish('inbox');
    hub.publish('members');
    expect(heard).toEqual(['some inbox', 'all inbox', 'all members']);
  });

  it('falls silent for who has left, also in the middle of a ring', () => {
    const hub = new LiveHub();
    const heard: string[] = [];
    const leave = hub.subscribe(['inbox'], () => {
      heard.push('first');
      leave();
    });
    hub.subscribe(['inbox'], () => heard.push('second'));
    hub.publish('inbox');
    hub.publish('inbox');
    expect(heard).toEqual(['first', 'second', 'second']);
  });
});
