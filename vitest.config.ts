import { defineConfig } from "vitest/config";

const project = (name: string, testTimeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout, retry: 0 },
});

export default defineConfig({
  test: {
    projects: [project("unit", 20_000), project("property", 120_000), project("fault", 300_000), project("e2e", 300_000)],
  },
});
