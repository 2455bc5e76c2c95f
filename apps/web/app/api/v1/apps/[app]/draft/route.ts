export { putDraft as PUT } from '#lib/api/apps.ts';

export const dynamic = 'force-dynamic';
