/** What the members of a group of type `consumer` say, in their metadata, that they read. */

import { MalformedMessage } from '../wire/malformed.ts';
import { Reader } from '../wire/reader.ts';
import { array, string } from '../wire/schema.ts';
import type { Group } from './group.ts';

const topicNames = array(string).at({ number: 0, flexible: false });

/** Empty for other types of group. Metadata that can't be read names no topic. */
export function subscribedTopics(group: Group): ReadonlySet<string> {
  const topics = new Set<string>();
  if (group.protocolType !== 'consumer') return topics;
  for (const member of group.members) {
    for (const { metadata } of member.protocols) for (const topic of topicsIn(metadata)) topics.add(topic);
  }
  return topics;
}

function topicsIn(metadata: Buffer): readonly string[] {
  try {
    const reader = new Reader(metadata);
    reader.int16(); // The version; topics stand first in all of them.
    return topicNames.read(reader);
  } catch (error) {
    if (error instanceof MalformedMessage) return [];
    throw error;
  }
}
