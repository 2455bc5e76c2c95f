import type { EventGenerator } from './generator.ts';
import { logins } from './login-watch.ts';
import { orders } from './orders-by-region.ts';
import { pageViews } from './page-views.ts';
import { sensors } from './sensor-averages.ts';

/** Every kind of sample data, by id. */
export const generators: Readonly<Record<string, EventGenerator>> = {
  logins,
  orders,
  'page-views': pageViews,
  sensors,
};
