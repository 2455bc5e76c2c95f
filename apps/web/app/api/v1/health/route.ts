export { getHealth as GET } from '#lib/api/health.ts';

export const dynamic = 'force-dynamic';
