/** Zod compiles its checks by evaluating code where it may, and finds out by trying, which the page's policy reports: it is told not to, before it loads. */
(globalThis as { __zod_globalConfig?: { jitless: boolean } }).__zod_globalConfig ??= { jitless: true }; // as: zod's own place for it
