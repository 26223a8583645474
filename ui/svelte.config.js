/** Runes everywhere in our own code; the packages choose for themselves. */
export default {
  compilerOptions: {
    runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true),
  },
};
