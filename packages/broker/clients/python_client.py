"""Runs one command of kafka-python on the broker named first, its arguments as JSON, and prints what came of it as JSON: see python.test.ts."""

import json
import sys
import threading
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import KafkaError

WAIT_S = 20


def consumer_of(broker, *topics, **settings):
    defaults = {'auto_offset_reset': 'earliest', 'enable_auto_commit': False, 'consumer_timeout_ms': WAIT_S * 1000}
    return KafkaConsumer(*topics, bootstrap_servers=broker, **{**defaults, **settings})


def text(data):
    return None if data is None else data.decode()


def read(consumer, count):
    records = []
    for record in consumer:
        headers = [[name, text(value)] for name, value in record.headers]
        records.append({
            'partition': record.partition, 'offset': record.offset, 'timestamp': record.timestamp,
            'key': text(record.key), 'value': text(record.value), 'headers': headers,
        })
        if len(records) == count:
            break
    return records


def produce(broker, topic, records, codec=None, acks='all'):
    """Sends [key, value, headers, timestamp] each; answers the offsets they got."""
    producer = KafkaProducer(bootstrap_servers=broker, compression_type=codec, acks=acks, linger_ms=50)
    sent = [
        producer.send(
            topic,
            key=None if key is None else key.encode(),
            value=None if value is None else value.encode(),
            headers=[(name, content.encode()) for name, content in headers],
            timestamp_ms=timestamp,
        )
        for key, value, headers, timestamp in records
    ]
    producer.flush(WAIT_S)
    offsets = [one.get(WAIT_S).offset for one in sent]
    producer.close()
    return offsets


def consume(broker, topic, count):
    consumer = consumer_of(broker, topic)
    records = read(consumer, count)
    consumer.close()
    return records


def resume(broker, topic, group, first, second):
    """Reads so many records and commits, then reads on as another member of the group."""
    seen = []
    committed = []
    for count in (first, second):
        consumer = consumer_of(broker, topic, group_id=group, max_poll_records=1)
        seen.append([record['value'] for record in read(consumer, count)])
        consumer.commit()
        committed.append(consumer.committed(TopicPartition(topic, 0)))
        consumer.close(autocommit=False)
    return {'seen': seen, 'committed': committed}


class Member(threading.Thread):
    """A consumer that reads until it is told to stop, and knows which partitions it has."""

    def __init__(self, broker, topic, group):
        super().__init__()
        self.consumer = consumer_of(broker, topic, group_id=group, heartbeat_interval_ms=200, metadata_max_age_ms=1000)
        self.partitions = []
        self.values = []
        self.stopping = threading.Event()
        self.start()

    def run(self):
        while not self.stopping.is_set():
            polled = self.consumer.poll(timeout_ms=100)
            if polled:
                self.values += [text(record.value) for records in polled.values() for record in records]
                self.consumer.commit()
            self.partitions = sorted(one.partition for one in self.consumer.assignment())
        self.consumer.close()

    def stop(self):
        self.stopping.set()
        self.join()


def until(condition):
    deadline = time.monotonic() + WAIT_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError('it did not come to be')
        time.sleep(0.05)


def rebalance(broker, topic, group, values):
    """Two members share four partitions and read the values between them; one leaves, the other gets all."""
    one, two = Member(broker, topic, group), Member(broker, topic, group)
    until(lambda: len(one.partitions) == 2 and len(two.partitions) == 2)
    shared = [one.partitions, two.partitions]
    produce(broker, topic, [[str(i), value, [], None] for i, value in enumerate(values)])
    until(lambda: len(one.values) + len(two.values) >= len(values))
    one.stop()
    until(lambda: len(two.partitions) == 4)
    alone = two.partitions
    two.stop()
    return {'shared': shared, 'alone': alone, 'values': sorted(one.values + two.values)}


def offsets(broker, topic, times):
    """The first and last offsets, and the first at or after each of the times."""
    consumer = consumer_of(broker)
    partition = TopicPartition(topic, 0)
    found = [consumer.offsets_for_times({partition: at})[partition] for at in times]
    return {
        'beginning': consumer.beginning_offsets([partition])[partition],
        'end': consumer.end_offsets([partition])[partition],
        'times': [None if one is None else [one.offset, one.timestamp] for one in found],
    }


def administer(broker, topic):
    """The life of a topic; answers what was seen of it at each step."""
    admin = KafkaAdminClient(bootstrap_servers=broker)
    seen = {}
    resource = ConfigResource(ConfigResourceType.TOPIC, topic)

    def settings():
        # 2.0.2 answers responses: (error, message, type, name, entries of (name, value, …)).
        (response,) = admin.describe_configs([resource])
        return {entry[0]: entry[1] for entry in response.resources[0][4]}

    def described():
        (metadata,) = admin.describe_topics([topic])
        return metadata

    admin.create_topics([NewTopic(topic, 2, 1, topic_configs={'retention.ms': '60000'})])
    until(lambda: topic in admin.list_topics())
    until(lambda: len(described()['partitions']) == 2)
    seen['retention'] = settings()['retention.ms']
    try:
        admin.create_topics([NewTopic(topic, 2, 1)])
    except KafkaError as error:
        seen['again'] = type(error).__name__
    admin.create_partitions({topic: NewPartitions(4)})
    until(lambda: len(described()['partitions']) == 4)
    seen['partitions'] = sorted(one['partition'] for one in described()['partitions'])
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs={'cleanup.policy': 'compact'})])
    until(lambda: settings()['cleanup.policy'] == 'compact')
    seen['retention after alter'] = settings()['retention.ms']
    seen['brokers'] = [one['node_id'] for one in admin.describe_cluster()['brokers']]
    admin.delete_topics([topic])
    until(lambda: topic not in admin.list_topics())
    admin.close()
    return seen


def groups(broker, topic, group):
    """What is told of a group with a member, and of its offsets once it has none; then it is deleted."""
    admin = KafkaAdminClient(bootstrap_servers=broker)
    member = Member(broker, topic, group)
    until(lambda: member.partitions != [])
    (stable,) = admin.describe_consumer_groups([group])
    until(lambda: member.values != [])
    member.stop()
    (empty,) = admin.describe_consumer_groups([group])
    listed = (group, 'consumer') in admin.list_consumer_groups()
    committed = admin.list_consumer_group_offsets(group)
    ((_, error),) = admin.delete_consumer_groups([group])
    deleted = error.__name__
    ((_, error),) = admin.delete_consumer_groups([group])
    admin.close()
    return {
        'stable': [stable.state, stable.protocol, [one.client_host for one in stable.members]],
        'empty': [empty.state, len(empty.members)],
        'listed': listed,
        'committed': {str(one.partition): value.offset for one, value in committed.items()},
        'deleted': [deleted, error.__name__],
    }


COMMANDS = (produce, consume, resume, rebalance, offsets, administer, groups)

if __name__ == '__main__':
    _, broker, command, arguments = sys.argv
    run = {one.__name__: one for one in COMMANDS}[command]
    print(json.dumps(run(broker, **json.loads(arguments))))
