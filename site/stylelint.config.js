export default {
  extends: "stylelint-config-standard",
  plugins: ["stylelint-use-logical"],
  rules: {
    "import-notation": "string", // as esbuild takes it
    "media-feature-range-notation": "prefix", // Safari 15.4 knows no other
    // Arabic is read from the right: a side has no name but start and end.
    "csstools/use-logical": ["always", { except: ["width", "height", "min-width", "max-width", "min-height", "max-height"] }],
    "declaration-property-value-disallowed-list": { "text-align": ["left", "right"], float: ["left", "right"], clear: ["left", "right"] },
  },
};
