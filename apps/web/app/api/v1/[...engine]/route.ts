export {
  forwardToEngine as GET,
  forwardToEngine as POST,
  forwardToEngine as PUT,
  forwardToEngine as PATCH,
  forwardToEngine as DELETE,
} from '#lib/api/engine-forward.ts';

export const dynamic = 'force-dynamic';
