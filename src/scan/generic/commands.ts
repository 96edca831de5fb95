import type { Rule, Surroundings, Verdict } from "../rule.js";
import { built, checkPassword, common } from "./password-check.js";

const commandLine: Rule = {
  ...common,
  id: "generic/command-line-password",
  title: "Password on a command line",
  grants: "signs in where the command does",
  matcher: {
    kind: "anchor",
    anchors: [
      "curl ",
      "wget ",
      "mysql",
      "sshpass ",
      "mongo",
      "redis-cli ",
      "smbclient ",
      "ldapsearch ",
      "htpasswd ",
      "-passin ",
      "-passout ",
    ],
    pattern: String.raw`(?:(?:curl|wget)[^\n|;]{0,300}? (?:-u|--user|--proxy-user|-U)[ =]?\\?["']?[^\s:"'$]{1,80}:|(?:mysql|mysqldump|mysqladmin|mongo|mongodump|mongosh)\b[^\n|;&]{0,200}? -p|(?:sshpass -p|redis-cli [^\n]{0,80}?-a|smbclient [^\n]{0,120}?-U \S{1,60}%|ldapsearch [^\n]{0,200}?-w|htpasswd -\w{0,4}b\w{0,4} \S{1,100} \S{1,60}) ?|-pass(?:in|out) pass:)\\?["']?(?<secret>(?<=["'])[^"'\n]{4,100}(?=["'])|[^\s"'\\|;&<>()]{4,100})`,
  },
  check: checkPassword,
  hits: [
    built("curl -s -u admin:", "t7Kqx2", "Lw9Z https://host.net/\n"),
    built("mysql -u root -p", "t7Kqx2", "Lw9Z app\n"),
    built("sshpass -p ", "t7Kqx2", "Lw9Z ssh host\n"),
    built("openssl rsa -passin pass:", "t7Kqx2", "Lw9Z -in k\n"),
  ],
  nearMisses: [
    built('curl -u "$USER:$PASSWORD" https://host.net/\n'),
    built("mysql -u root -p app\n"),
    built("curl -u user:password https://host.net/\n"),
  ],
};

/** In prose things are identified by names; statements say of what account. */
function checkStatement(secret: string, around: Surroundings): Verdict {
  return /IDENTIFIED|securestring|\b(?:user|role|grant|alter|create|login|password)\b/i.test(
    around.before.replace(/identified by/, ""),
  )
    ? checkPassword(secret, around)
    : { kind: "no" };
}

const statement: Rule = {
  ...common,
  id: "generic/password-statement",
  title: "Password in a statement that sets it",
  grants: "signs in as the account that the statement makes",
  matcher: {
    kind: "anchor",
    anchors: ["identified by ", "identified with ", "convertto-securestring "],
    ignoreCase: true,
    pattern: String.raw`(?:identified (?:with \w{1,40} (?:by|as)|by(?: password)?)(?= {1,4}\\?["']| {1,4}[a-z]{0,20}\d)|convertto-securestring(?: -string| -asplaintext(?! -force)| -force)*) {1,4}\\?["']{0,4}(?<secret>[^\s"'\\;]{4,128})`,
  },
  check: checkStatement,
  hits: [
    built("CREATE USER app IDENTIFIED BY '", "t7Kqx2", "Lw9Z';\n"),
    built('ConvertTo-SecureString "', "t7Kqx2", 'Lw9Z" -AsPlainText -Force\n'),
  ],
  nearMisses: [built("IDENTIFIED BY '<password>'\n"), built("ConvertTo-SecureString $plain -AsPlainText -Force\n")],
};

const login: Rule = {
  ...common,
  id: "generic/login-command",
  title: "Password of a command that logs in",
  grants: "signs in where the command does",
  matcher: {
    kind: "anchor",
    anchors: [
      "docker login",
      "podman login",
      "registry login",
      "oc login",
      "az login",
      "| sudo -s",
      "net use ",
      "openssl enc",
    ],
    ignoreCase: true,
    reach: 120,
    pattern: String.raw`(?:(?:(?:docker|podman|registry|oc|az) login[^\n|;&]{0,200}? (?:-p ?|--password[ =])|openssl enc[^\n|;&]{0,200}? (?:-k |-K |-pass pass:))|net use [^\n]{0,120}?\/user:\S{1,80} |(?:echo|printf) (?:-\w )?)\\?["']?(?<secret>(?<=["'])[^"'\n]{4,100}(?=["'])|[^\s"'\\|;&<>()]{4,100})(?:["']? {0,4}\| sudo -S)?`,
  },
  check: checkPassword,
  hits: [
    built("docker login -u app -p ", "t7Kqx2", "Lw9Z hub.host.net\n"),
    built("echo '", "t7Kqx2", "Lw9Z' | sudo -S apt update\n"),
  ],
  nearMisses: [
    built('docker login -u app -p "$PASSWORD" hub.host.net\n'),
    built("docker login -u app --password-stdin\n"),
    built("echo 'starting' && sudo -s\n"),
  ],
};

/** Passwords in commands and in statements. */
export const commandRules: readonly Rule[] = [commandLine, login, statement];
