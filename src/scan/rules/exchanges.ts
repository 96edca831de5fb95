import { sha256Hex } from "../../core/digest.js";
import type { Rule } from "../rule.js";
import { contextRules } from "./context-rows.js";
import { contextRule } from "./kinds.js";
import { uuid } from "./patterns.js";
import { yes } from "./verdicts.js";

const trades = "trades or moves money as the account";
const letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Base58Check: the last four bytes are the first of the double SHA-256 of the rest. */
function hasBase58Checksum(text: string): boolean {
  let value = 0n;
  for (const letter of text) value = value * 58n + BigInt(letters.indexOf(letter));
  const hex = value.toString(16).padStart(74, "0");
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const digest = sha256Hex(Buffer.from(sha256Hex(bytes.subarray(0, -4)), "hex"));
  return digest.startsWith(bytes.subarray(-4).toString("hex"));
}

/** 12 to 24 words of 3 to 8 letters, without a quantifier inside of another. */
function wordsOf(count: number): string {
  return Array.from({ length: count }, () => "[a-z]{3,8}").join("[ ,]{1,2}");
}

/** Money: exchanges, banks, wallets. */
export const exchangeRules: readonly Rule[] = [
  contextRule({
    id: "bitcoin/private-key",
    vendor: "Bitcoin",
    title: "Bitcoin private key (WIF)",
    grants: "spends what the address holds",
    revoke: "Move the money to an address of a new key",
    words: ["private_key", "private-key", "privatekey", "privkey", "priv_key", "bitcoin", "_wif", "wif_", "btc_"],
    body: "[5KL][1-9A-HJ-NP-Za-km-z]{50,51}",
    check: (secret) =>
      yes(hasBase58Checksum(secret) ? "checked" : "likely", hasBase58Checksum(secret) ? "block" : "warn"),
    shape: "K{b58:51}",
    near: ["K{b58:48}", "A{b58:51}"],
    key: "btc_private_key",
  }),
  contextRule({
    id: "ethereum/private-key",
    vendor: "Ethereum",
    title: "Ethereum private key",
    grants: "spends what the address holds",
    revoke: "Move the money to an address of a new key",
    words: [
      "private_key",
      "private-key",
      "privatekey",
      "priv_key",
      "privkey",
      "deployer",
      "ethereum",
      "wallet",
      "metamask",
      "secp256k1",
      "eth_",
    ],
    body: "(?:0x)?[0-9a-fA-F]{64}",
    check: () => yes("context", "block"),
    shape: ["0x{hex:64}", "{hex:64}"],
    near: ["0x{hex:63}", "0x{hex:65}"],
    key: "eth_private_key",
  }),
  contextRule({
    id: "wallet/mnemonic",
    vendor: "Wallets",
    title: "Recovery words of a wallet",
    grants: "spends all that the wallet holds",
    revoke: "Move the money to a new wallet",
    words: [
      "mnemonic",
      "seed_phrase",
      "seedphrase",
      "seed phrase",
      "recovery_phrase",
      "secret_phrase",
      "secret phrase",
    ],
    body: `(?:${wordsOf(24)}|${wordsOf(18)}|${wordsOf(15)}|${wordsOf(12)})`,
    check: (secret) => {
      const words = secret.split(/[ ,]+/);
      const isDiverse =
        new Set(words).size > words.length * 0.7 &&
        !words.some((word) => ["the", "and", "this", "that", "with", "your", "are"].includes(word));
      return isDiverse ? yes("context", "block") : { kind: "no" };
    },
    shape: Array.from({ length: 12 }, (_, index) => `{lower:${String(3 + (index % 5))}}`).join(" "),
    near: [
      "{lower:4} {lower:5} {lower:6}",
      "{lower:4} {lower:5} the {lower:6} {lower:4} {lower:5} {lower:6} {lower:4} {lower:5} {lower:6} {lower:4} {lower:5}",
    ],
    key: "wallet_mnemonic",
  }),
  ...contextRules([
    {
      id: "coinbase/access-token",
      vendor: "Coinbase",
      title: "Coinbase API key or secret",
      grants: trades,
      revoke: "Coinbase: Settings, API",
      words: ["coinbase"],
      body: `(?:organizations/${uuid}/apiKeys/${uuid}|[A-Za-z0-9_-]{64}|[A-Za-z0-9+/]{86}==|[A-Za-z0-9]{32})`,
      shape: ["{b64u:64}", "{b62:32}", "{b64:86}=="],
      near: ["{b62:63}", "{lower:64}"],
      key: "coinbase_api_secret",
    },
    {
      id: "binance/api-secret",
      vendor: "Exchanges",
      title: "API key or secret of Binance, Bybit, OKX, KuCoin, Bitfinex, Bitstamp, FTX or Gemini",
      grants: trades,
      revoke: "The exchange's account: API management",
      words: ["binance", "bybit", "okx", "bitfinex", "bitstamp", "huobi", "bitget", "mexc", "gateio", "bitmex"],
      body: `(?:[A-Za-z0-9]{64}|${uuid}|[A-Za-z0-9]{32,48}|[A-Za-z0-9]{18})`,
      shape: ["{b62:64}", "{b62:43}"],
      near: ["{b62:65}", "{lower:64}"],
      key: "binance_api_secret",
    },
    {
      id: "kucoin/secret-key",
      vendor: "KuCoin",
      title: "KuCoin API key or secret",
      grants: trades,
      revoke: "KuCoin: API management",
      words: ["kucoin", "ku_coin"],
      body: `(?:${uuid}|[0-9a-f]{24})`,
      shape: ["{uuid:1}", "{hex:24}"],
      near: ["{hex:23}", "{hex:8}-{hex:4}"],
      key: "kucoin_secret_key",
    },
    {
      id: "kraken/private-key",
      vendor: "Kraken",
      title: "Kraken API private key",
      grants: trades,
      revoke: "Kraken: Settings, API",
      words: ["kraken"],
      body: "(?:[A-Za-z0-9+/]{86}==|[A-Za-z0-9/=_+-]{80,90}|[A-Za-z0-9+/]{56})",
      shape: ["{b64:86}==", "{b64:56}"],
      near: ["{b62:40}", "{b62:95}"],
      key: "kraken_private_key",
    },
    {
      id: "bittrex/secret-key",
      vendor: "Bittrex",
      title: "Bittrex API key or secret",
      grants: trades,
      revoke: "Bittrex: Settings, API keys",
      words: ["bittrex"],
      body: "[A-Za-z0-9]{32}",
      shape: "{b62:32}",
      near: ["{b62:31}", "{lower:32}"],
      key: "bittrex_secret_key",
    },
    {
      id: "finicity/api-token",
      vendor: "Finicity",
      title: "Finicity app key or partner secret",
      grants: "reads the bank accounts that people linked",
      revoke: "Finicity: Developer portal",
      words: ["finicity"],
      body: "(?:[0-9a-f]{32}|[A-Za-z0-9]{20})",
      shape: ["{hex:32}", "{b62:20}"],
      near: ["{hex:31}", "{lower:20}"],
      key: "finicity_api_token",
    },
    {
      id: "finnhub/access-token",
      vendor: "Market data services",
      title: "Key of Finnhub, Alpha Vantage, Polygon, IEX or CoinMarketCap",
      grants: "reads market data at the account's cost",
      revoke: "The service's dashboard",
      words: [
        "finnhub",
        "alphavantage",
        "alpha_vantage",
        "polygon",
        "iexcloud",
        "coinmarketcap",
        "cmc_pro",
        "etherscan",
        "infura",
        "alchemy",
      ],
      body: `(?:[a-z0-9]{20}|[A-Z0-9]{16}|[A-Za-z0-9_]{32,35}|[ps]k_[0-9a-f]{32}|${uuid})`,
      shape: ["{a36:20}", "{hex:32}", "{uuid:1}"],
      near: ["{a36:19}", "{lower:32}"],
      key: "finnhub_api_key",
    },
    {
      id: "freshbooks/access-token",
      vendor: "Accounting services",
      title: "Token of FreshBooks, Xero, QuickBooks or Squarespace",
      grants: "reads and changes the books or the shop",
      revoke: "The service's developer page",
      words: ["freshbooks", "xero", "quickbooks", "squarespace", "intuit"],
      body: `(?:[A-Za-z0-9]{64}|${uuid}|[A-Za-z0-9]{40}|[A-Za-z0-9_-]{48})`,
      shape: ["{a36:64}", "{uuid:1}", "{b62:40}"],
      near: ["{a36:63}", "{lower:64}"],
      key: "freshbooks_access_token",
    },
    {
      id: "razorpay/key-secret",
      vendor: "Payment services",
      title: "Key secret of Razorpay, Paytm, Mollie, Checkout.com or Klarna",
      grants: "takes payments and refunds for the merchant",
      revoke: "The service's dashboard: API keys",
      words: ["razorpay", "paytm", "mollie", "klarna", "checkout_com", "paystack", "mercadopago"],
      body: "(?:rzp_(?:live|test)_[A-Za-z0-9]{14}|(?:live|test)_[A-Za-z0-9]{30,35}|[A-Za-z0-9]{24}|[A-Za-z0-9]{16}|APP_USR-[0-9]{10,20}-[0-9]{6}-[0-9a-f]{32}-[0-9]{6,12})",
      shape: ["rzp_live_{b62:14}", "live_{b62:30}", "{b62:24}"],
      near: ["rzp_live_{b62:10}", "{lower:24}"],
      key: "razorpay_key_secret",
    },
  ]),
];
