export { deleteApp as DELETE, getApp as GET } from '#lib/api/apps.ts';

export const dynamic = 'force-dynamic';
