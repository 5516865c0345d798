import { languages } from '../language.ts';
import { resultPictureId } from '../polls/draw-results.ts';
import {
  countingDemo,
  deleteAttachments,
  deleteDemoFlow,
  deleteDemoPeople,
  deleteDemoSubjects,
  deleteDemoVoices,
  demoAttachments,
  demoPollIds,
  demoPolls,
  emptyDemoVotes,
  takeBackVotes,
} from '../store/demo.ts';
import { recount } from '../store/recount.ts';
import type { Unit } from '../unit.ts';

/**
 * Removes everything marked as demo and what demo people left behind: their deliveries, votes, replies, reports and talk.
 * Real people of a demo company stay, without company. Votes of demo people in real named polls are taken back; from a real
 * anonymous poll they can be taken back only when nobody else voted, since nothing tells whose they are.
 */
export async function removeDemo(unit: Unit): Promise<void> {
  const { db } = unit;
  const counted = await countingDemo(db);
  for (const poll of await demoPolls(db)) {
    if (!poll.anonymous) await takeBackVotes(db, poll.id);
    else if (poll.onlyDemo) await emptyDemoVotes(db, poll.id);
  }
  await deleteDemoVoices(db);
  await deleteDemoFlow(db);
  const pictures = (await demoPollIds(db)).flatMap((id) => languages.map((l) => resultPictureId(id, l)));
  const attachments = [...(await demoAttachments(db)), ...pictures];
  await deleteDemoSubjects(db);
  await deleteAttachments(db, attachments);
  await deleteDemoPeople(db);
  for (const subject of counted) await recount(db, subject);
  const topics = ['companies', 'members', 'announcements', 'polls', 'inbox', 'network'];
  for (const topic of topics) unit.ring({ kind: 'changed', topic });
}
