/** The topic settings that a partition's log acts on; -1 for no bound where a bound can be absent. */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly maxMessageBytes: number;
  readonly compacted: boolean;
  readonly deleted: boolean;
  readonly appendTime: boolean;
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  readonly deleteRetentionMs: number;
  readonly minCompactionLagMs: number;
  /** What has waited for so long is compacted, however little it is. */
  readonly maxCompactionLagMs: number;
  readonly minCleanableDirtyRatio: number;
}
