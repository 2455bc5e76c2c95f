import { expect, test } from 'vitest';
import { placeOf } from './rail.tsx';

test.each([
  ['/', '/'],
  ['/apps/login-watch', '/'],
  ['/apps/login-watch/tables/failures-by-ip', '/tables'],
  ['/tables', '/tables'],
  ['/topics/logins', '/topics'],
  ['/dead-letters', '/dead-letters'],
  ['/nowhere', null],
])('%s stands under %s on the rail', (path, place) => {
  expect(placeOf(path)).toBe(place);
});
