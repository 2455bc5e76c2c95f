export { postValidate as POST } from '#lib/api/deploys.ts';

export const dynamic = 'force-dynamic';
