const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `2.0`: always one digit behind the point, so that a figure that changes keeps its width. */
export const formatTenths = (value: number): string => tenths.format(value);

/** `1,284`. */
export const formatCount = (value: number | bigint): string => whole.format(value);

/** Per second, without the unit: `1,284`, below ten `3.2`, and `0` for nothing at all. */
export const formatRate = (perSecond: number): string =>
  perSecond === 0 || perSecond >= 9.95 ? whole.format(perSecond) : tenths.format(perSecond);

/** Number and unit of a size: `8.3` `MB`. Powers of 1024, as the heap is counted. */
export function formatBytes(bytes: number): { readonly value: string; readonly unit: string } {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return { value: unit === 0 || value >= 100 ? whole.format(value) : tenths.format(value), unit: units[unit] ?? 'B' };
}

/** What a date can be of; a time beyond is shown as the number it is. */
const isDate = (epochMs: number): boolean => Math.abs(epochMs) <= 8.64e15;

const two = (value: number): string => String(value).padStart(2, '0');

/** `14:29:07` of the reader's day; with `millis`, `14:29:07.112`. */
export function formatClock(epochMs: number, millis = false): string {
  if (!isDate(epochMs)) return String(epochMs);
  const at = new Date(epochMs);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return millis ? `${clock}.${String(at.getMilliseconds()).padStart(3, '0')}` : clock;
}

/** A span in one unit: `0.2 s`, `12 s`, `4 min`, `3 h`, `2 d`. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${tenths.format(seconds)} s`;
  if (seconds < 90) return `${whole.format(seconds)} s`;
  if (seconds < 5400) return `${whole.format(seconds / 60)} min`;
  if (seconds < 129_600) return `${whole.format(seconds / 3600)} h`;
  return `${whole.format(seconds / 86_400)} d`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `today 09:12`, `yesterday 17:40`, `3 Nov 10:02`. */
export function formatDay(epochMs: number, nowMs: number): string {
  if (!isDate(epochMs)) return String(epochMs);
  const at = new Date(epochMs);
  const now = new Date(nowMs);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days === 0) return `today ${clock}`;
  if (days === 1) return `yesterday ${clock}`;
  return `${at.getDate()} ${months[at.getMonth()]} ${clock}`;
}

/** `1 problem`, `2 problems`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
