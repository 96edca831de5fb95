import { createLocalProvider } from "../../../src/app/chain/local-provider.js";
import { makeProject } from "../../support/cli-fixture.js";
import { depsOf } from "../../support/deps-of.js";
import { describeProvider } from "../../support/provider-contract.js";

describeProvider("local", () => {
  const project = makeProject();
  const deps = depsOf(project, { SECRETS_NOW: new Date().toISOString() });
  let key: string | undefined;
  const env = new Proxy(deps.env, {
    get: (target, name: string) => (name === "SECRETS_IDENTITY_FILE" ? key : target[name]),
  });
  return {
    provider: createLocalProvider({ ...deps, env }),
    refuse: () => void (key = "/nowhere/identity"),
  };
});
