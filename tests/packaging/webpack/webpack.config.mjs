export default {
  mode: 'production',
  entry: './main.js',
  experiments: { css: true },
  performance: { hints: false },
};
