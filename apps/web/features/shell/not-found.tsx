'use client';
import dynamic from 'next/dynamic';

/** Every page loads what the root's `not-found` holds: only this much, and the page itself when it is wanted. */
export const NotFound = dynamic(async () => (await import('./no-such-page.tsx')).NoSuchPage);
