/**
 * Which of our rules find what a rule of gitleaks' own finds, by the names that gitleaks 8 gives them: the first word of a line is its
 * name, the others are ours. Names only, so that `disabledRules` and allowlists for its rules mean ours.
 */
const lines = `
1password-secret-key 1password/secret-key
1password-service-account-token 1password/service-account-token
adafruit-api-key adafruit/io-key adafruit/legacy-key
adobe-client-id adobe/client-id
adobe-client-secret adobe/client-secret
age-secret-key age/identity
airtable-api-key airtable/legacy-key
airtable-personnal-access-token airtable/access-token
algolia-api-key algolia/api-key
alibaba-access-key-id alibaba/access-key-id
alibaba-secret-key alibaba/secret-key
anthropic-admin-api-key anthropic/admin-key
anthropic-api-key anthropic/api-key
artifactory-api-key artifactory/api-key
artifactory-reference-token artifactory/reference-token
asana-client-id asana/access-token
asana-client-secret asana/access-token
atlassian-api-token atlassian/api-token atlassian/legacy-token
authress-service-client-access-key authress/access-key
aws-access-token aws/access-key-id aws/legacy-access-key-id
aws-amazon-bedrock-api-key-long-lived aws/bedrock-api-key
aws-amazon-bedrock-api-key-short-lived aws/bedrock-session-key
azure-ad-client-secret azure/client-secret
beamer-api-token beamer/api-token
bitbucket-client-id bitbucket/client-secret
bitbucket-client-secret bitbucket/client-secret
bittrex-access-key bittrex/secret-key
bittrex-secret-key bittrex/secret-key
clickhouse-cloud-api-secret-key clickhouse/cloud-key
clojars-api-token clojars/deploy-token
cloudflare-api-key cloudflare/api-token cloudflare/legacy-key
cloudflare-global-api-key cloudflare/legacy-key
cloudflare-origin-ca-key cloudflare/origin-ca-key
codecov-access-token codecov/upload-token
cohere-api-token cohere/api-key
coinbase-access-token coinbase/access-token
confluent-access-token confluent/secret-key
confluent-secret-key confluent/secret-key
contentful-delivery-api-token contentful/delivery-token
curl-auth-header generic/basic-auth generic/bearer-token
curl-auth-user generic/command-line-password
databricks-api-token databricks/access-token
datadog-access-token datadog/api-key datadog/prefixed-key
defined-networking-api-token defined-networking/api-token
digitalocean-access-token digitalocean/access-token
digitalocean-pat digitalocean/access-token
digitalocean-refresh-token digitalocean/access-token
discord-api-token discord/bot-token
discord-client-id discord/client-id
discord-client-secret discord/client-secret
doppler-api-token doppler/token
droneci-access-token droneci/access-token
dropbox-api-token dropbox/access-token dropbox/legacy-token
dropbox-long-lived-api-token dropbox/legacy-token
dropbox-short-lived-api-token dropbox/access-token
duffel-api-token duffel/access-token
dynatrace-api-token dynatrace/api-token
easypost-api-token easypost/api-key
easypost-test-api-token easypost/api-key
etsy-access-token etsy/access-token
facebook-access-token facebook/access-token
facebook-page-access-token facebook/access-token
facebook-secret facebook/app-secret
fastly-api-token fastly/api-token
finicity-api-token finicity/api-token
finicity-client-secret finicity/api-token
finnhub-access-token finnhub/access-token
flickr-access-token flickr/access-token
flutterwave-encryption-key flutterwave/secret-key
flutterwave-public-key flutterwave/public-key
flutterwave-secret-key flutterwave/secret-key
flyio-access-token flyio/access-token
frameio-api-token frameio/api-token
freshbooks-access-token freshbooks/access-token
gcp-api-key google/api-key
generic-api-key generic/password generic/secret generic/key
github-app-token github/app-installation-token github/app-user-token
github-fine-grained-pat github/fine-grained-token
github-oauth github/oauth-token
github-pat github/personal-access-token
github-refresh-token github/refresh-token
gitlab-cicd-job-token gitlab/ci-job-token
gitlab-deploy-token gitlab/deploy-token
gitlab-feature-flag-client-token gitlab/feature-flag-token
gitlab-feed-token gitlab/feed-token
gitlab-incoming-mail-token gitlab/incoming-mail-token
gitlab-kubernetes-agent-token gitlab/agent-token
gitlab-oauth-app-secret gitlab/oauth-secret
gitlab-pat gitlab/personal-access-token
gitlab-pat-routable gitlab/personal-access-token
gitlab-ptt gitlab/trigger-token
gitlab-rrt gitlab/runner-registration-token
gitlab-runner-authentication-token gitlab/runner-token
gitlab-runner-authentication-token-routable gitlab/runner-token
gitlab-scim-token gitlab/scim-token
gitlab-session-cookie gitlab/session-cookie
gitter-access-token gitter/access-token
gocardless-api-token gocardless/access-token
grafana-api-key grafana/api-key
grafana-cloud-api-token grafana/cloud-token
grafana-service-account-token grafana/service-account-token
harness-api-key harness/access-token
hashicorp-tf-api-token terraform/api-token
heroku-api-key heroku/legacy-key
heroku-api-key-v2 heroku/api-key
hubspot-api-key hubspot/legacy-key hubspot/private-app-token
huggingface-access-token huggingface/access-token
huggingface-organization-api-token huggingface/access-token
infracost-api-token infracost/api-key
intercom-api-key intercom/access-token
intra42-client-secret intra42/client-secret
jfrog-api-key artifactory/api-key artifactory/identity-token
jfrog-identity-token artifactory/identity-token
jwt keys/json-web-token
jwt-base64 keys/json-web-token
kraken-access-token kraken/private-key
kubernetes-secret-yaml kubernetes/secret-manifest kubernetes/secret-data
kucoin-access-token kucoin/secret-key
kucoin-secret-key kucoin/secret-key
launchdarkly-access-token launchdarkly/sdk-key
linear-api-key linear/api-key
linear-client-secret linear/client-secret
linkedin-client-secret linkedin/client-secret
lob-api-key lob/api-key
lob-pub-api-key lob/api-key
looker-client-secret looker/client-secret
mailchimp-api-key mailchimp/api-key
mailgun-private-api-token mailgun/api-key mailgun/prefixed-key
mailgun-pub-key mailgun/api-key
mailgun-signing-key mailgun/api-key
mapbox-api-token mapbox/public-token mapbox/secret-token
mattermost-access-token mattermost/access-token
maxmind-license-key maxmind/license-key
cisco-meraki-api-key meraki/api-key
messagebird-api-token messagebird/access-key
microsoft-teams-webhook azure/teams-webhook
netlify-access-token netlify/access-token netlify/legacy-token
new-relic-browser-api-token newrelic/browser-key
new-relic-insert-key newrelic/api-key
new-relic-user-api-key newrelic/api-key
notion-api-token notion/api-token
npm-access-token npm/access-token
nuget-config-password nuget/config-password
nytimes-access-token nytimes/access-token
octopus-deploy-api-key octopus/api-key
okta-access-token okta/api-token
openai-api-key openai/api-key
openshift-user-token openshift/user-token
perplexity-api-key perplexity/api-key
plaid-api-token plaid/access-token
plaid-client-id plaid/secret
plaid-secret-key plaid/secret
planetscale-api-token planetscale/password
planetscale-oauth-token planetscale/password
planetscale-password planetscale/password
postman-api-token postman/api-key
prefect-api-token prefect/api-token
private-key keys/private-key
privateai-api-token privateai/api-key
pulumi-api-token pulumi/access-token
pypi-upload-token pypi/upload-token
rapidapi-access-token rapidapi/access-token
readme-api-token readme/api-key
rubygems-api-token rubygems/api-key
scalingo-api-token scalingo/api-token
sendbird-access-id sendbird/access-token
sendbird-access-token sendbird/access-token
sendgrid-api-token sendgrid/api-key
sendinblue-api-token brevo/api-key
sentry-access-token sentry/legacy-token
sentry-org-token sentry/org-token
sentry-user-token sentry/user-token
settlemint-application-access-token settlemint/access-token
settlemint-personal-access-token settlemint/access-token
settlemint-service-access-token settlemint/access-token
shippo-api-token shippo/api-token
shopify-access-token shopify/access-token
shopify-custom-access-token shopify/access-token
shopify-private-app-access-token shopify/access-token
shopify-shared-secret shopify/access-token
sidekiq-secret sidekiq/credentials
slack-app-token slack/app-token
slack-bot-token slack/bot-token
slack-config-access-token slack/config-token
slack-config-refresh-token slack/config-token
slack-legacy-bot-token slack/bot-token
slack-legacy-token slack/legacy-token
slack-legacy-workspace-token slack/legacy-token
slack-user-token slack/user-token
slack-webhook-url slack/webhook
snyk-api-token snyk/api-token snyk/prefixed-token
sonar-api-token sonarqube/token sonarqube/legacy-token
sourcegraph-access-token sourcegraph/access-token sourcegraph/legacy-token
square-access-token square/access-token
squarespace-access-token freshbooks/access-token
stripe-access-token stripe/secret-key
sumologic-access-id sumologic/access-key
sumologic-access-token sumologic/access-key
telegram-bot-api-token telegram/bot-token telegram/bot-token-by-name
travisci-access-token travis/access-token
twilio-api-key twilio/api-key-id
twitch-api-token twitch/api-token
twitter-access-secret twitter/access-token
twitter-access-token twitter/access-token
twitter-api-key twitter/api-secret
twitter-api-secret twitter/api-secret
twitter-bearer-token twitter/bearer-token
typeform-api-token typeform/access-token
vault-batch-token vault/token
vault-service-token vault/token vault/legacy-token
yandex-access-token yandex/iam-token
yandex-api-key yandex/api-key
yandex-aws-access-token yandex/static-key
zendesk-secret-key zendesk/api-token
`;

const ours: ReadonlyMap<string, readonly string[]> = new Map(
  lines
    .trim()
    .split("\n")
    .map((line): [string, readonly string[]] => {
      const [theirs = "", ...own] = line.split(" ");
      return [theirs, own];
    }),
);

/** The ids of our rules for a rule of gitleaks' own; undefined for a name that gitleaks does not have, or that no rule of ours is for. */
export function ownRulesOf(gitleaksId: string): readonly string[] | undefined {
  return ours.get(gitleaksId);
}
