/** The folder that holds `keyrings/` and `package.json`: the parent of `src/`, and of the bundled `dist/`. */
export const PACKAGE_ROOT = new URL('..', import.meta.url)
