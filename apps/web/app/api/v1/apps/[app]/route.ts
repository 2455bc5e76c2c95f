export { getApp as GET, deleteApp as DELETE } from '#lib/api/apps.ts';

export const dynamic = 'force-dynamic';
