import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import lit from "eslint-plugin-lit";
import litA11y from "eslint-plugin-lit-a11y";
import noUnsanitized from "eslint-plugin-no-unsanitized";
import tseslint from "typescript-eslint";

const here = dirname(fileURLToPath(import.meta.url));

export default tseslint.config(
  { ignores: ["generated/**", "dist/**", "*.config.js"] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  lit.configs["flat/recommended"],
  litA11y.configs["recommended"],
  noUnsanitized.configs.recommended,
  {
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: here } },
    rules: {
      // Trusted Types let lit-html alone make markup; these doors would go past it.
      "no-restricted-imports": [
        "error",
        { patterns: ["lit-html/directives/unsafe-*", "lit-html/static*", "lit-html/polyfill*"] },
      ],
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "lit-html alone makes markup." },
        { property: "outerHTML", message: "lit-html alone makes markup." },
        { property: "insertAdjacentHTML", message: "lit-html alone makes markup." },
      ],
      "no-restricted-globals": ["error", "eval", "alert", "confirm", "prompt"],
      // A number in a sentence is wanted; words are chosen by `say`.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `() => state.close()` in a template says what a press does.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["tests/**"],
    // node:test's `test` returns a promise that the runner itself awaits.
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
);
