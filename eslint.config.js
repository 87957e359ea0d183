import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: [".cache/", "dist/", "dist-page/", "out/", "node_modules/"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.recommendedTypeCheckedOnly],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["src/cli/**", "bench/**", "examples/**", "tools/**", "scripts/**"],
    rules: { "no-console": "off" },
  },
);
