import { placeInWords, type WorkPlace } from './work-place.ts';

/** Something was thrown while an app was at work; the message ends with the place. */
export class WorkFault extends Error {
  override readonly name = 'WorkFault';
  readonly place: WorkPlace;
  /** What was thrown, in words. */
  readonly reason: string;

  constructor(place: WorkPlace, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${reason} (${placeInWords(place)})`, { cause });
    this.place = place;
    this.reason = reason;
  }
}
