export { UrlState as default } from '../url-state.tsx';
