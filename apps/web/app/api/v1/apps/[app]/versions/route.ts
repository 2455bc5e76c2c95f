export { listVersions as GET } from '#lib/api/apps.ts';

export const dynamic = 'force-dynamic';
