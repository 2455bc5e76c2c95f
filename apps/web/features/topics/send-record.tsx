'use client';
import { type Problem, parseJson } from '@millrace/spec';
import { Check, Send } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { sendRecords } from '#lib/api-client/records.ts';
import { ApiFailure, inWords } from '#lib/api-client/request.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { Field, FieldError } from '#ui/field.tsx';
import { Select } from '#ui/select.tsx';
import { TextArea } from '#ui/text-area.tsx';
import { TextField } from '#ui/text-field.tsx';
import { sampleValue } from './sample-record.ts';
import type { Declared } from './topic-query.ts';

export interface SendRecordProps {
  readonly topic: string;
  readonly app: string | null;
  readonly declared: Declared | null;
  readonly partitions: number;
  readonly onClose: () => void;
}

type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'sent'; readonly count: number }
  | { readonly kind: 'refused'; readonly message: string; readonly problems: readonly Problem[] };

/** Writes a record to the topic, encoded as its model says. Stays open for the next one. */
export function SendRecord({ topic, app, declared, partitions, onClose }: SendRecordProps) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState(() => sampleValue(declared, Date.now()));
  const [partition, setPartition] = useState('by-key');
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const keyField = useRef<HTMLInputElement>(null);
  const sent = useRef(0);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    let parsed: unknown;
    try {
      parsed = value.trim() === '' ? null : parseJson(value);
    } catch (error) {
      setOutcome({ kind: 'refused', message: `The value is not JSON: ${inWords(error)}`, problems: [] });
      return;
    }
    setOutcome({ kind: 'sending' });
    try {
      await sendRecords(topic, app ?? undefined, [
        {
          value: parsed,
          ...(key === '' ? {} : { key }),
          ...(partition === 'by-key' ? {} : { partition: Number(partition) }),
        },
      ]);
      sent.current += 1;
      setOutcome({ kind: 'sent', count: sent.current });
    } catch (error) {
      setOutcome({
        kind: 'refused',
        message: inWords(error),
        problems: error instanceof ApiFailure ? error.problems : [],
      });
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title="Send record"
      note={`to ${topic}${declared ? `, as ${declared.value}` : ''}`}
      initialFocus={keyField}
      footerNote={
        outcome.kind === 'sent' && (
          <span role="status" className="inline-flex items-center gap-1.5 text-accent">
            <Check aria-hidden="true" size={14} />
            {outcome.count === 1 ? 'Sent' : `Sent ${outcome.count} records`}
          </span>
        )
      }
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            variant="primary"
            type="submit"
            form="send-record"
            icon={<Send aria-hidden="true" size={14} />}
            disabled={outcome.kind === 'sending'}
          >
            Send
          </Button>
        </>
      }
    >
      <form id="send-record" onSubmit={(event) => void send(event)} className="flex flex-col gap-3 p-5">
        <Field label="Key" hint={declared ? `${declared.key}; empty is null` : 'Text; empty is null'}>
          {(ids) => <TextField {...ids} ref={keyField} mono value={key} onChange={setKey} />}
        </Field>
        <Field label="Partition">
          {(ids) => (
            <Select
              {...ids}
              value={partition}
              onChange={setPartition}
              options={[
                { value: 'by-key', label: 'By the key' },
                ...Array.from({ length: partitions }, (_, at) => ({ value: String(at), label: `Partition ${at}` })),
              ]}
            />
          )}
        </Field>
        <Field label="Value" layout="stack" hint="JSON">
          {(ids) => (
            <TextArea {...ids} mono rows={11} value={value} onChange={(event) => setValue(event.target.value)} />
          )}
        </Field>
        {outcome.kind === 'refused' && (
          <div>
            <FieldError message={outcome.message} />
            {outcome.problems.map((problem) => (
              <FieldError
                key={`${problem.path.join('.')} ${problem.message}`}
                message={`${problem.path.length > 0 ? `${problem.path.join('.')}: ` : ''}${problem.message}${problem.hint === undefined ? '' : ` ${problem.hint}`}`}
              />
            ))}
          </div>
        )}
      </form>
    </Dialog>
  );
}
