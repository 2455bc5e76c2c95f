import type { EventGenerator } from './generator.ts';
import { integer, normal, pick, seededRandom } from './random.ts';
import { zipf } from './zipf.ts';

const visitorCount = 10_000;
const botRate = 0.15;
const referredRate = 0.3;

const sections = ['docs', 'blog', 'guides', 'reference'] as const;
const pages = [
  '/',
  '/pricing',
  '/download',
  '/about',
  ...sections.flatMap((section) => Array.from({ length: 40 }, (_, page) => `/${section}/${page + 1}`)),
];
const browsers = ['Firefox/144.0', 'Chrome/142.0', 'Safari/26.1', 'Edg/142.0'] as const;
const bots = ['Googlebot/2.1', 'bingbot/2.0', 'AhrefsBot/7.0'] as const;
const referrers = ['https://search.example', 'https://news.example', 'https://social.example'] as const;

export const pageViews: EventGenerator = {
  title: 'Page views',
  description: 'Visitors of a web site, and the bots among them',
  defaultTopic: 'page-views',
  template: 'page-views',
  create({ seed, skew }) {
    const random = seededRandom(seed);
    const nextPage = zipf(random, pages.length, skew);
    return (nowMs) => {
      const bot = random() < botRate;
      const visitor = bot ? `bot-${integer(random, 20)}` : `visitor-${integer(random, visitorCount)}`;
      const value = {
        visitor,
        path: pages[nextPage()] ?? '/',
        agent: bot ? pick(random, bots) : pick(random, browsers),
        ...(random() < referredRate ? { referrer: pick(random, referrers) } : {}),
        loadMs: Math.max(20, Math.round(normal(random, 300, 120))),
        ts: nowMs,
      };
      return { key: visitor, value, timestampMs: nowMs };
    };
  },
};
