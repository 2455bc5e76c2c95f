import type { Notice } from './notice.ts';

/** The newest 20 notices, newest first; one that repeats the newest is left out, and one of the same subject takes the place of the one before. */
export class NoticeLog {
  #newest: readonly Notice[] = [];
  readonly #subjects = new Map<string, Notice>();

  /** Whether it is said for the first time. */
  add(notice: Notice, subject?: string): boolean {
    const isNews = subject === undefined || !this.#subjects.has(subject);
    if (subject !== undefined) {
      const before = this.#subjects.get(subject);
      this.#newest = this.#newest.filter((each) => each !== before);
    }
    if (this.#newest[0]?.words === notice.words) return false;
    this.#newest = [notice, ...this.#newest.slice(0, 19)];
    if (subject !== undefined) this.#subjects.set(subject, notice);
    return isNews;
  }

  newest(): readonly Notice[] {
    return this.#newest;
  }
}
