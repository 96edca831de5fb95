// Words of settings, of examples and of everyday English. A value made of nothing else stands in half of all files, so that
// looking for it would stop every commit and protect nothing: whoever guesses tries these first.
const text = `
access account action active admin administrator adventure agent airplane alpha always amazon android animal anonymous answer
anything apache apple application archive asdfghjk austria author auto available azure azerty backend backup baseball basic basketball
batman because before beta between birthday black block blue board bonjour boolean branch bridge broker browser build builder building
business butterfly button cache call camera canada captain center central certificate challenge change changeit changeme channel
charlie cheese chelsea chicken children china chocolate christmas class cleartext client close cloud cluster code coffee column command
comment commit common community company complete computer config configuration connect connection console consumer contact container
content control cookie core country create credential credentials crypto current custom customer daily dallas data database datacenter date
debug december default delete delta demo deploy deployment desktop detail dev devel develop developer development device dictionary digital director
disable disabled docker document domain domino download dragon driver dummy duration dynamic eagle elastic elephant email empty enable
enabled encrypted endpoint engine english entity environment error europe event everything example execute external extra facebook factory
failed false family feature february field file filter final finance finger firewall first flower folder football force forever format
frankfurt freedom friday friend frontend function future game gateway generic german github gitlab global golden google grape green group
guest guitar hacker handler hannover happy hello helper hidden history hockey holiday home hostname house hunter image iloveyou import
index info information initial input insert instance integer integration internal internet invalid ireland item jackson january java
javascript jenkins jordan json kafka keyboard killer kubernetes language laptop latest ldap legacy letmein level library license light
linux list live loader local localhost location login logger london lookup machine mail main maintenance manager manual march marketing
master memory merlin message metadata metrics michael microsoft middle migration mobile model module monday mongo mongodb monitor monitoring monkey month morning
mountain music mustang mysql name namespace network never node none normal north note nothing november null number object october office
online only opensource operation operator option oracle orange order organization output owner package page panda parameter parent partner
pass passphrase passw0rd password patch path pattern payment pepper person personal phone photo picture platform player plugin please pokemon policy pool
port portal postgres postgresql power premium preview primary princess print priority private process product production profile program
project property protocol provider proxy public publish pumpkin purple python qazwsx queue qwerty qwertyui qwertyuiop qwertz rabbit rabbitmq random ranger reader
readonly ready record redis region register regular release remote report repository request required reserved reset resource response
result retry return role root route router runner sample samples sandbox saturday scanner scheduler schema school script search season second secret
secrets secure security select sender september sequence server service services session setting settings shadow shared shell shop
signature silver simple single site skipper snoopy soccer software solution something source spring staging standard star start starwars
state static statistics status storage store stream street string stripe student subject submit subscription success summer sunday
sunshine super superman superuser support switch sydney system table target team temp template temporary terminal test tester testing tests
testuser text theme thing thomas thursday ticket tiger time timeout today token tokens tomcat tomorrow tools topic total tracker traffic training
transaction transfer trigger true trusted tuesday type undefined uniform university unknown unlimited update upload user username users utility
vagrant vault version video view virtual visitor volume wallet warning water web webhook website wednesday weekend welcome whatever
white window windows winter wizard word worker world writer yellow yesterday your
`;

/** At least 4 letters each, lower case. */
export const commonWords: ReadonlySet<string> = new Set(text.trim().split(/\s+/));
