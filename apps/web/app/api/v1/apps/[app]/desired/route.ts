export { postDesired as POST } from '#lib/api/apps.ts';

export const dynamic = 'force-dynamic';
